INSERT INTO attempt AS a (source, seq, n) VALUES ($1, $2::bigint, 1)
ON CONFLICT (source, seq) DO UPDATE SET n = a.n + 1
RETURNING n
