SELECT p.partnership, p.name, p.since, p.lead_nis,
    array_agg(m.nis ORDER BY m.nis), array_agg(coalesce(c.name, '') ORDER BY m.nis),
    array_agg(to_char(m.since, 'YYYY-MM-DD') ORDER BY m.nis)
FROM partnership AS p
    JOIN member AS m USING (partnership)
    LEFT JOIN municipality AS c ON c.nis = m.nis
WHERE p.partnership > coalesce($2::text, '') AND ($1::text IS NULL OR p.partnership = $1)
GROUP BY p.partnership
ORDER BY p.partnership
LIMIT $3::bigint
