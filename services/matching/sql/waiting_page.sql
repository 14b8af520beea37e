-- A page of who waits, longest first.
WITH wanted AS (
    SELECT
        waiting_id, person_id, programme.partnership, programme, side, nis, since
    FROM member JOIN person USING (person_id) JOIN programme USING (programme)
    WHERE waiting
        AND ($1::text IS NULL OR programme.partnership = $1)
        AND ($2::text IS NULL OR programme = $2)
        AND ($3::text IS NULL OR side = $3)
        AND ($4::text IS NULL OR nis = $4)
)
SELECT
    waiting_id, person_id, partnership, programme, side, nis, since,
    (SELECT count(*) FROM wanted) AS total
FROM wanted
WHERE $5::timestamptz IS NULL OR (since, waiting_id) > ($5, $6::uuid)
ORDER BY since, waiting_id
LIMIT $7::bigint;
