-- Who may be the same as a line n of the arrays, and why: 8 national number, 4 e-mail, 2 phone, 1 name.
SELECT n, person_id, grounds
FROM (
    SELECT g.n, q.person_id, row_number() OVER (PARTITION BY g.n ORDER BY x.grounds DESC, q.person_id) AS rank, x.grounds
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) WITH ORDINALITY
            AS g(insz_hash, email_key, phone, name_key, birth_year, postcode, n)
        JOIN person_private AS q ON q.insz_hash = decode(g.insz_hash, 'hex') OR q.email_key = g.email_key
            OR q.phone = g.phone OR q.name_key = g.name_key
        JOIN person AS p ON p.person_id = q.person_id
        CROSS JOIN LATERAL (
            SELECT coalesce((q.insz_hash = decode(g.insz_hash, 'hex'))::integer, 0) * 8
                + coalesce((q.email_key = g.email_key)::integer, 0) * 4
                + coalesce((q.phone = g.phone)::integer, 0) * 2
                + coalesce((q.name_key = g.name_key
                    AND CASE WHEN g.birth_year <> 0 AND p.birth_year IS NOT NULL THEN g.birth_year = p.birth_year
                             ELSE g.postcode = p.postcode END)::integer, 0) AS grounds
        ) AS x
    WHERE p.state = 'known' AND x.grounds > 0
) AS found
WHERE rank <= 20
ORDER BY n, rank
