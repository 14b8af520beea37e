-- Who had no intake yet, and was not looked at since they came or were last referred: $1 partnership, $2 municipality, $3 and $4 the last one of the page before, $5 how many.
SELECT p.person_id, p.partnership, p.nis, v.state, p.registered, r.referred
FROM person AS p LEFT JOIN volunteer AS v USING (person_id),
    LATERAL (SELECT max(at) AS referred FROM referral WHERE person_id = p.person_id) AS r
WHERE p.state = 'known'
    AND ($1::text IS NULL OR p.partnership = $1)
    AND ($2::text IS NULL OR p.nis = $2)
    AND coalesce(p.partner_status NOT IN ('deceased', 'moved-away', 'unreachable'), true)
    AND v.state IS DISTINCT FROM 'stopped'
    AND NOT EXISTS (SELECT FROM intake AS i WHERE i.person_id = p.person_id)
    AND coalesce(p.reviewed < greatest(p.registered, r.referred), true)
    AND ($3::timestamptz IS NULL OR (p.registered, p.person_id) < ($3, $4::uuid))
ORDER BY p.registered DESC, p.person_id DESC
LIMIT $5::bigint
