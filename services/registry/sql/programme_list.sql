SELECT true, programme, partnership, kind, name, action, version, configured, max_distance_km, min_shared_slots,
    same_language_required, silence_after_days, proposal_valid_days, match_every_hours, first_after_days, weights,
    to_char(ended_on, 'YYYY-MM-DD'), end_reason
FROM programme
WHERE programme > coalesce($4::text, '') AND ($1::text IS NULL OR partnership = $1)
    AND ($2::text IS NULL OR programme = $2) AND ($3::text IS NULL OR kind = $3)
ORDER BY programme
LIMIT $5::bigint
