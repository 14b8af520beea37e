-- Before people are registered in partnership $1, or without one where they live: for each line n of the arrays,
-- the place of its postcode and who serves it, and whether its id is taken.
SELECT l.place_nis, l.lat_e4, l.lon_e4, l.served_by, l.taken,
    EXISTS (SELECT FROM partnership WHERE partnership = $1::text) AS partnership_exists
FROM (
    SELECT g.n, p.nis AS place_nis, p.lat_e4, p.lon_e4, m.partnership AS served_by,
        EXISTS (SELECT FROM person AS t WHERE t.person_id = g.person_id) AS taken
    FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS g(postcode, person_id, n)
        LEFT JOIN place AS p ON p.postcode = g.postcode
        LEFT JOIN member AS m ON m.nis = p.nis
) AS l
ORDER BY l.n
