INSERT INTO reference_erased (digest) VALUES ($1::bytea) ON CONFLICT DO NOTHING
