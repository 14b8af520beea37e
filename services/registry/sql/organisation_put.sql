INSERT INTO organisation (organisation_id, partnership, name, kind, kbo, postcode, nis)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text)
