-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO proposal (
    proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, manual, score, distance_m,
    factors, explanation, version, proposed, valid_until, decided, decided_by, reason, withdraw_reason,
    duo_id)
SELECT DISTINCT ON (proposal_id)
    proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, manual, score, distance_m,
    factors, explanation, version, proposed, valid_until, decided, decided_by, reason, withdraw_reason,
    duo_id
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::boolean[],
    $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::timestamptz[],
    $15::timestamptz[], $16::timestamptz[], $17::text[], $18::text[], $19::text[], $20::uuid[]
) WITH ORDINALITY AS given (
    proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, manual, score, distance_m,
    factors, explanation, version, proposed, valid_until, decided, decided_by, reason, withdraw_reason,
    duo_id, place)
ORDER BY proposal_id, place DESC
ON CONFLICT (proposal_id) DO UPDATE SET
    programme = excluded.programme, partnership = excluded.partnership, newcomer_id = excluded.newcomer_id,
    volunteer_id = excluded.volunteer_id, nis = excluded.nis, state = excluded.state,
    manual = excluded.manual, score = excluded.score, distance_m = excluded.distance_m,
    factors = excluded.factors, explanation = excluded.explanation, version = excluded.version,
    proposed = excluded.proposed, valid_until = excluded.valid_until, decided = excluded.decided,
    decided_by = excluded.decided_by, reason = excluded.reason, withdraw_reason = excluded.withdraw_reason,
    duo_id = excluded.duo_id;
