-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO programme (
    programme, partnership, kind, version, max_distance_m, min_shared_slots, same_language_required,
    silence_after_days, proposal_valid_days, match_every_hours, weights, next_round, ended,
    first_after_days)
SELECT DISTINCT ON (programme)
    programme, partnership, kind, version, max_distance_m, min_shared_slots, same_language_required,
    silence_after_days, proposal_valid_days, match_every_hours, weights, next_round, ended,
    first_after_days
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::boolean[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::timestamptz[], $13::boolean[],
    $14::bigint[]
) WITH ORDINALITY AS given (
    programme, partnership, kind, version, max_distance_m, min_shared_slots, same_language_required,
    silence_after_days, proposal_valid_days, match_every_hours, weights, next_round, ended,
    first_after_days, place)
ORDER BY programme, place DESC
ON CONFLICT (programme) DO UPDATE SET
    partnership = excluded.partnership, kind = excluded.kind, version = excluded.version,
    max_distance_m = excluded.max_distance_m, min_shared_slots = excluded.min_shared_slots,
    same_language_required = excluded.same_language_required,
    silence_after_days = excluded.silence_after_days, proposal_valid_days = excluded.proposal_valid_days,
    match_every_hours = excluded.match_every_hours, weights = excluded.weights,
    next_round = excluded.next_round, ended = excluded.ended,
    first_after_days = excluded.first_after_days;
