-- A page of proposals, newest first.
WITH wanted AS (
    SELECT
        proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, manual, score,
        distance_m, factors, explanation, version, proposed, valid_until, decided, decided_by, reason,
        withdraw_reason, duo_id
    FROM proposal
    WHERE ($1::text IS NULL OR partnership = $1)
        AND ($2::text IS NULL OR programme = $2)
        AND ($3::uuid IS NULL OR newcomer_id = $3 OR volunteer_id = $3)
        AND ($4::uuid IS NULL OR proposal_id = $4)
        AND ($5::text IS NULL OR state = $5)
)
SELECT
    proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, manual, score, distance_m,
    factors, explanation, version, proposed, valid_until, decided, decided_by, reason, withdraw_reason,
    duo_id,
    (SELECT count(*) FROM wanted) AS total
FROM wanted
WHERE $6::timestamptz IS NULL OR (proposed, proposal_id) < ($6, $7::uuid)
ORDER BY proposed DESC, proposal_id DESC
LIMIT $8::bigint;
