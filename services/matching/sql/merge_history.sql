-- Everything that is over goes to the entry that is kept.
WITH
    p AS (UPDATE proposal SET
        newcomer_id = CASE newcomer_id WHEN $1::uuid THEN $2::uuid ELSE newcomer_id END,
        volunteer_id = CASE volunteer_id WHEN $1 THEN $2 ELSE volunteer_id END
        WHERE newcomer_id = $1 OR volunteer_id = $1 RETURNING 1),
    d AS (UPDATE duo SET
        newcomer_id = CASE newcomer_id WHEN $1 THEN $2 ELSE newcomer_id END,
        volunteer_id = CASE volunteer_id WHEN $1 THEN $2 ELSE volunteer_id END
        WHERE newcomer_id = $1 OR volunteer_id = $1 RETURNING 1),
    h AS (UPDATE help_request SET
        person_id = CASE person_id WHEN $1 THEN $2 ELSE person_id END,
        buddy_id = CASE buddy_id WHEN $1 THEN $2 ELSE buddy_id END
        WHERE person_id = $1 OR buddy_id = $1 RETURNING 1),
    m AS (DELETE FROM member WHERE person_id = $1 RETURNING 1)
SELECT (SELECT count(*) FROM p) + (SELECT count(*) FROM d) + (SELECT count(*) FROM h)
    + (SELECT count(*) FROM m) AS moved;
