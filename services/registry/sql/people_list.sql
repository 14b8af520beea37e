-- $1 partnership, $2 programme, $3 municipality, $4 role, $5 state of a volunteer, $6 beginning of a name, $7 the last
-- one of the page before, $8 how many. Each partnership's people are read in the order of the list, from that one on,
-- until there are enough: what else is asked of them is looked up one by one.
WITH place AS (
    SELECT '' AS last_key, '' AS first_key, '00000000-0000-0000-0000-000000000000'::uuid AS person_id
    WHERE $7::uuid IS NULL
    UNION ALL
    SELECT coalesce(a.last_key, ''), coalesce(a.first_key, ''), b.person_id
    FROM person AS b LEFT JOIN person_private AS a USING (person_id)
    WHERE b.person_id = $7 AND ($1::text IS NULL OR b.partnership = $1)
), page AS (
    SELECT f.*
    FROM place, partnership AS s, LATERAL (
        (SELECT * FROM person_private AS q
         WHERE partnership = s.partnership AND last_key >= coalesce($6::text, '') AND last_key < coalesce($6, '') || U&'\+10FFFF'
            AND (last_key, first_key, person_id) > (place.last_key, place.first_key, place.person_id)
            AND ($2::text IS NULL OR $2 = ANY (ARRAY(SELECT programme FROM intake AS i WHERE i.person_id = q.person_id)))
            AND ($3::text IS NULL OR $3 = (SELECT nis FROM person AS p WHERE p.person_id = q.person_id))
            AND ($4::text IS NULL OR CASE $4
                WHEN 'volunteer' THEN (SELECT state FROM volunteer AS v WHERE v.person_id = q.person_id) IS NOT NULL
                ELSE 'newcomer' = ANY (ARRAY(SELECT side FROM intake AS i WHERE i.person_id = q.person_id)) END)
            AND ($5::text IS NULL OR $5 = (SELECT state FROM volunteer AS v WHERE v.person_id = q.person_id))
         ORDER BY last_key, first_key, person_id LIMIT $8::bigint)
        UNION ALL
        (SELECT * FROM person_private AS q
         WHERE partnership = s.partnership AND first_key <> '' AND first_key >= $6 AND first_key < $6 || U&'\+10FFFF'
            AND NOT starts_with(last_key, $6)
            AND (last_key, first_key, person_id) > (place.last_key, place.first_key, place.person_id)
            AND ($2::text IS NULL OR $2 = ANY (ARRAY(SELECT programme FROM intake AS i WHERE i.person_id = q.person_id)))
            AND ($3::text IS NULL OR $3 = (SELECT nis FROM person AS p WHERE p.person_id = q.person_id))
            AND ($4::text IS NULL OR CASE $4
                WHEN 'volunteer' THEN (SELECT state FROM volunteer AS v WHERE v.person_id = q.person_id) IS NOT NULL
                ELSE 'newcomer' = ANY (ARRAY(SELECT side FROM intake AS i WHERE i.person_id = q.person_id)) END)
            AND ($5::text IS NULL OR $5 = (SELECT state FROM volunteer AS v WHERE v.person_id = q.person_id))
         ORDER BY last_key, first_key, person_id LIMIT $8::bigint)
    ) AS f
    WHERE $1 IS NULL OR s.partnership = $1
    ORDER BY last_key, first_key, person_id
    LIMIT $8
)
SELECT q.person_id, q.partnership, q.first_name, q.last_name, p.postcode, p.nis, p.preferred_language,
    'newcomer' = ANY (ARRAY(SELECT side FROM intake AS i WHERE i.person_id = q.person_id)), v.state, p.registered
FROM page AS q JOIN person AS p USING (person_id) LEFT JOIN volunteer AS v USING (person_id)
ORDER BY q.last_key, q.first_key, q.person_id
