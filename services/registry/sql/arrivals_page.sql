-- Who had no intake yet: $1 partnership, $2 municipality, $3 and $4 the last one of the page before, $5 how many.
SELECT p.person_id, p.partnership, p.nis, v.state, p.registered
FROM person AS p LEFT JOIN volunteer AS v USING (person_id)
WHERE p.state = 'known'
    AND ($1::text IS NULL OR p.partnership = $1)
    AND ($2::text IS NULL OR p.nis = $2)
    AND coalesce(p.partner_status NOT IN ('deceased', 'moved-away', 'unreachable'), true)
    AND v.state IS DISTINCT FROM 'stopped'
    AND NOT EXISTS (SELECT FROM intake AS i WHERE i.person_id = p.person_id)
    AND ($3::timestamptz IS NULL OR (p.registered, p.person_id) < ($3, $4::uuid))
ORDER BY p.registered DESC, p.person_id DESC
LIMIT $5::bigint
