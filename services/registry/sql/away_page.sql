-- Of whom a partner told that they are away, and about whom nobody decided since: $1 partnership, $2 municipality, $3 and $4 the
-- last one of the page before, $5 how many. A volunteer is decided about who rests no more, or until a day that was given.
SELECT p.person_id, p.partnership, p.nis, v.state, p.partner_status, p.told_away
FROM person AS p LEFT JOIN volunteer AS v USING (person_id)
WHERE p.state = 'known' AND p.told_away IS NOT NULL
    AND ($1::text IS NULL OR p.partnership = $1)
    AND ($2::text IS NULL OR p.nis = $2)
    AND coalesce(p.reviewed < p.told_away, true)
    AND CASE WHEN v.state IS NULL
        THEN NOT EXISTS (SELECT FROM intake AS i WHERE i.person_id = p.person_id AND i.at >= p.told_away)
        ELSE v.state = 'resting' AND v.rest_until IS NULL END
    AND ($3::timestamptz IS NULL OR (p.told_away, p.person_id) < ($3, $4::uuid))
ORDER BY p.told_away DESC, p.person_id DESC
LIMIT $5::bigint
