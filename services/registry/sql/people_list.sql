-- $1 partnership, $2 programme, $3 municipality, $4 role, $5 state of a volunteer, $6 beginning of a name, $7 the last
-- one of the page before, $8 how many.
SELECT p.person_id, p.partnership, q.first_name, q.last_name, p.postcode, p.nis, p.preferred_language,
    EXISTS (SELECT FROM intake AS i WHERE i.person_id = p.person_id AND i.side = 'newcomer'), v.state, p.registered
FROM person AS p
    LEFT JOIN person_private AS q USING (person_id)
    LEFT JOIN volunteer AS v USING (person_id)
WHERE p.state = 'known'
    AND ($1::text IS NULL OR p.partnership = $1)
    AND ($2::text IS NULL OR EXISTS (SELECT FROM intake AS i WHERE i.person_id = p.person_id AND i.programme = $2))
    AND ($3::text IS NULL OR p.nis = $3)
    AND ($4::text IS NULL OR CASE $4 WHEN 'volunteer' THEN v.person_id IS NOT NULL
        ELSE EXISTS (SELECT FROM intake AS i WHERE i.person_id = p.person_id AND i.side = 'newcomer') END)
    AND ($5::text IS NULL OR v.state = $5)
    AND ($6::text IS NULL OR starts_with(q.first_key, $6) OR starts_with(q.last_key, $6))
    AND ($7::uuid IS NULL OR (coalesce(q.last_key, ''), coalesce(q.first_key, ''), p.person_id)
        > (SELECT coalesce(a.last_key, ''), coalesce(a.first_key, ''), b.person_id
           FROM person AS b LEFT JOIN person_private AS a USING (person_id) WHERE b.person_id = $7 AND ($1 IS NULL OR b.partnership = $1)))
ORDER BY coalesce(q.last_key, ''), coalesce(q.first_key, ''), p.person_id
LIMIT $8::bigint
