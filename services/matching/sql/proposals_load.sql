-- Proposals that wait for a decision or a talk.
SELECT
    proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, manual, score, distance_m,
    factors, explanation, version, proposed, valid_until, decided, decided_by, reason, withdraw_reason,
    duo_id
FROM proposal
WHERE state IN ('proposed', 'accepted') AND ($1::text IS NULL OR programme = $1)
ORDER BY valid_until, proposal_id;
