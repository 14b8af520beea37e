-- A proposal that has ended, whole: for the duo that starts all the same.
SELECT
    proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, manual, score, distance_m,
    factors, explanation, version, proposed, valid_until, decided, decided_by, reason, withdraw_reason,
    duo_id
FROM proposal
WHERE proposal_id = $1::uuid AND state IN ('declined', 'expired', 'withdrawn')
ORDER BY proposal_id;
