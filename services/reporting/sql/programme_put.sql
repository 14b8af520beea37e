INSERT INTO programme (programme, partnership, name, action) VALUES ($1, $2, $3, $4)
ON CONFLICT (programme) DO UPDATE SET partnership = excluded.partnership, name = excluded.name, action = excluded.action
