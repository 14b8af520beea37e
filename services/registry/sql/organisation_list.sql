SELECT organisation_id, partnership, name, kind, kbo, postcode, nis
FROM organisation
WHERE ($1::text IS NULL OR partnership = $1) AND ($2::text IS NULL OR kind = $2)
    AND ($3::uuid IS NULL
        OR (name, organisation_id) > (SELECT o.name, o.organisation_id FROM organisation AS o
                                      WHERE o.organisation_id = $3))
ORDER BY name, organisation_id
LIMIT $4::bigint
