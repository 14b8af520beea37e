-- $2 is $1 by now.
WITH stays AS (UPDATE stay SET person_id = $1::uuid WHERE person_id = $2::uuid)
UPDATE helping SET buddy_id = $1 WHERE buddy_id = $2
