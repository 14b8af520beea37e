-- Again only for the built-in token, which keeps up with what this version lets it do.
INSERT INTO token (token_id, name, hash, scopes, nis, partnerships, sources, created, expires)
VALUES ($1, $2, $3, $4::text[], $5::text[], $6::text[], $7::text[], $8, $9)
ON CONFLICT (token_id) DO UPDATE SET scopes = EXCLUDED.scopes, sources = EXCLUDED.sources
