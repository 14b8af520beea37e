-- Every programme, or one.
SELECT
    programme, partnership, kind, version, max_distance_m, min_shared_slots, same_language_required,
    silence_after_days, proposal_valid_days, match_every_hours, weights, next_round, ended, first_after_days
FROM programme
WHERE $1::text IS NULL OR programme = $1
ORDER BY programme;
