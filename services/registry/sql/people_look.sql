-- Before people are registered in partnership $1, or without one where they live: for each line n of the arrays,
-- the place of its postcode and who serves it, and whether its id is taken. Scalar lookups by key: no plan can turn
-- them into a walk through a table.
SELECT p.nis, p.lat_e4, p.lon_e4,
    (SELECT m.partnership FROM member AS m WHERE m.nis = p.nis),
    coalesce((SELECT true FROM person AS t WHERE t.person_id = g.person_id), false),
    coalesce((SELECT true FROM partnership AS s WHERE s.partnership = $1::text), false)
FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS g(postcode, person_id, n)
    LEFT JOIN LATERAL (SELECT nis, lat_e4, lon_e4 FROM place WHERE postcode = g.postcode OFFSET 0) AS p ON true
ORDER BY g.n
