-- A page of duos, newest first.
WITH wanted AS (
    SELECT
        duo_id, proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, started,
        last_contact, silent_since, ended, reason, hours, contacts, distance_m
    FROM duo
    WHERE ($1::text IS NULL OR partnership = $1)
        AND ($2::text IS NULL OR programme = $2)
        AND ($3::uuid IS NULL OR newcomer_id = $3 OR volunteer_id = $3)
        AND ($4::uuid IS NULL OR duo_id = $4)
        AND ($5::text IS NULL OR nis = $5)
        AND ($6::text IS NULL OR state = $6)
)
SELECT
    duo_id, proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, started,
    last_contact, silent_since, ended, reason, hours, contacts, distance_m,
    (SELECT count(*) FROM wanted) AS total
FROM wanted
WHERE $7::timestamptz IS NULL OR (started, duo_id) < ($7, $8::uuid)
ORDER BY started DESC, duo_id DESC
LIMIT $9::bigint;
