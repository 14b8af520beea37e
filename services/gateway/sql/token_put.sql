INSERT INTO token (token_id, name, hash, scopes, nis, partnerships, created, expires)
VALUES ($1, $2, $3, $4::text[], $5::text[], $6::text[], $7, $8)
ON CONFLICT DO NOTHING
