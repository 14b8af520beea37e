-- What people_list.sql answers to the same $1 to $8, when only the people $9 can be in it: they are looked up, and put in
-- order.
SELECT q.person_id, q.partnership, q.first_name, q.last_name, p.postcode, p.nis, p.preferred_language,
    EXISTS (SELECT FROM intake AS i WHERE i.person_id = q.person_id AND side = 'newcomer'), v.state, p.registered
FROM person_private AS q JOIN person AS p USING (person_id) LEFT JOIN volunteer AS v USING (person_id)
WHERE q.person_id = ANY ($9::uuid[])
    AND ($1::text IS NULL OR q.partnership = $1)
    AND ($2::text IS NULL OR EXISTS (SELECT FROM intake AS i WHERE i.person_id = q.person_id AND programme = $2))
    AND ($3::text IS NULL OR p.nis = $3)
    AND ($4::text IS NULL OR CASE $4 WHEN 'volunteer' THEN v.state IS NOT NULL
        ELSE EXISTS (SELECT FROM intake AS i WHERE i.person_id = q.person_id AND side = 'newcomer') END)
    AND ($5::text IS NULL OR v.state = $5)
    AND ($6::text IS NULL OR starts_with(q.last_key, $6) OR starts_with(q.first_key, $6))
    AND ($7::uuid IS NULL OR (q.last_key, q.first_key, q.person_id) > (
        SELECT coalesce(a.last_key, ''), coalesce(a.first_key, ''), b.person_id
        FROM person AS b LEFT JOIN person_private AS a USING (person_id)
        WHERE b.person_id = $7 AND ($1 IS NULL OR b.partnership = $1)))
ORDER BY q.last_key, q.first_key, q.person_id
LIMIT $8::bigint
