SELECT EXISTS (SELECT FROM partnership WHERE partnership = $2::text), p.programme, p.partnership, p.kind, p.name,
    p.action, p.version, p.configured, p.max_distance_km, p.min_shared_slots, p.same_language_required,
    p.silence_after_days, p.proposal_valid_days, p.match_every_hours, p.first_after_days,
    p.weights
FROM (SELECT) AS one
    LEFT JOIN programme AS p ON p.programme = $1::text
