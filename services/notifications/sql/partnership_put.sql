INSERT INTO partnership (partnership, name) VALUES ($1, $2)
ON CONFLICT (partnership) DO UPDATE SET name = excluded.name
