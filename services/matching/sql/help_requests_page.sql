-- A page of requests, newest first.
WITH wanted AS (
    SELECT
        request_id, programme, partnership, person_id, topic, nis, state, buddy_id, opened, assigned,
        ended, hours, drop_reason
    FROM help_request
    WHERE ($1::text IS NULL OR partnership = $1)
        AND ($2::text IS NULL OR programme = $2)
        AND ($3::uuid IS NULL OR person_id = $3)
        AND ($4::uuid IS NULL OR buddy_id = $4)
        AND ($5::text IS NULL OR state = $5)
        AND ($6::text IS NULL OR topic = $6)
)
SELECT
    request_id, programme, partnership, person_id, topic, nis, state, buddy_id, opened, assigned, ended,
    hours, drop_reason,
    (SELECT count(*) FROM wanted) AS total
FROM wanted
WHERE $7::timestamptz IS NULL OR (opened, request_id) < ($7, $8::uuid)
ORDER BY opened DESC, request_id DESC
LIMIT $9::bigint;
