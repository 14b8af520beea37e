-- Who may be the same as a line n of the arrays, and why: 8 national number, 4 e-mail, 2 phone, 1 name.
-- Only people of partnership $7, where one is named.
SELECT n, person_id, grounds
FROM people_alike($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
WHERE $7::text IS NULL OR EXISTS (SELECT FROM person AS p WHERE p.person_id = people_alike.person_id AND p.partnership = $7)
ORDER BY n, grounds DESC, person_id
