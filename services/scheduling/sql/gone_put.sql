-- Who read an id that was merged into this one reads the new one too.
WITH followed AS (UPDATE gone SET keep_id = $2 WHERE keep_id = $1),
     unknown AS (DELETE FROM person WHERE person_id = $1)
INSERT INTO gone (person_id, keep_id) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET keep_id = excluded.keep_id
