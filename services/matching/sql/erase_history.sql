-- The words of a proposal tell of a person; of who is erased they go.
WITH p AS (UPDATE proposal SET factors = '', explanation = ''
    WHERE newcomer_id = $1::uuid OR volunteer_id = $1 RETURNING 1),
    m AS (DELETE FROM member WHERE person_id = $1 RETURNING 1)
SELECT (SELECT count(*) FROM p) + (SELECT count(*) FROM m) AS erased;
