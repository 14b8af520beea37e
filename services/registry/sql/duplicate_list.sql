-- Pairs that have something in common: $1 partnership, $2 the ground as a bit, $3 to $5 the last pair of the page before
-- ($3 its grounds, 16 at the first page), $6 how many, $7 whether both must be of the partnership.
-- Bits: 8 national number, 4 e-mail, 2 phone, 1 name.
WITH alike AS (
    SELECT a.person_id AS one, b.person_id AS other, 8 AS ground
    FROM person_private AS a JOIN person_private AS b ON a.insz_hash = b.insz_hash AND a.person_id < b.person_id
    UNION ALL
    SELECT a.person_id, b.person_id, 4
    FROM person_private AS a JOIN person_private AS b ON a.email_key = b.email_key AND a.person_id < b.person_id
    UNION ALL
    SELECT a.person_id, b.person_id, 2
    FROM person_private AS a JOIN person_private AS b ON a.phone = b.phone AND a.person_id < b.person_id
    UNION ALL
    SELECT a.person_id, b.person_id, 1
    FROM person_private AS a JOIN person_private AS b ON a.name_key = b.name_key AND a.person_id < b.person_id
        JOIN person AS pa ON pa.person_id = a.person_id
        JOIN person AS pb ON pb.person_id = b.person_id
    WHERE CASE WHEN pa.birth_year IS NOT NULL AND pb.birth_year IS NOT NULL THEN pa.birth_year = pb.birth_year
               ELSE pa.postcode = pb.postcode END
), pair AS (
    SELECT one, other, sum(ground)::bigint AS grounds FROM alike GROUP BY one, other
)
SELECT one, other, partnership, grounds
FROM (
    SELECT CASE WHEN a.registered <= b.registered THEN one ELSE other END AS one,
        CASE WHEN a.registered <= b.registered THEN other ELSE one END AS other,
        CASE WHEN a.registered <= b.registered THEN a.partnership ELSE b.partnership END AS partnership,
        grounds, a.partnership AS served_one, b.partnership AS served_other
    FROM pair
        JOIN person AS a ON a.person_id = one
        JOIN person AS b ON b.person_id = other
    WHERE a.state = 'known' AND b.state = 'known'
) AS found
WHERE ($1::text IS NULL OR $1 IN (served_one, served_other)) AND (NOT $7::boolean OR served_one = served_other)
    AND ($2::bigint = 0 OR grounds & $2 <> 0)
    AND (grounds < $3::bigint OR (grounds = $3 AND (one, other) > ($4::uuid, $5::uuid)))
ORDER BY grounds DESC, one, other
LIMIT $6::bigint
