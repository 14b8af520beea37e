INSERT INTO programme (programme, partnership, kind, name, action, version, configured, max_distance_km,
    min_shared_slots, same_language_required, silence_after_days, proposal_valid_days, match_every_hours,
    first_after_days, weights)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::integer, $6::integer, $7::timestamptz, $8::double precision,
    $9::integer, $10::boolean, $11::integer, $12::integer, $13::integer, $14::integer, $15::bigint[])
ON CONFLICT (programme) DO UPDATE SET (name, action, version, configured, max_distance_km, min_shared_slots,
        same_language_required, silence_after_days, proposal_valid_days, match_every_hours,
        first_after_days, weights)
    = (EXCLUDED.name, EXCLUDED.action, EXCLUDED.version, EXCLUDED.configured, EXCLUDED.max_distance_km,
        EXCLUDED.min_shared_slots, EXCLUDED.same_language_required, EXCLUDED.silence_after_days,
        EXCLUDED.proposal_valid_days, EXCLUDED.match_every_hours,
        EXCLUDED.first_after_days, EXCLUDED.weights)
