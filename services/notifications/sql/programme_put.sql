INSERT INTO programme (programme, name) VALUES ($1, $2)
ON CONFLICT (programme) DO UPDATE SET name = excluded.name
