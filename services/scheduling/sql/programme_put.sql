INSERT INTO programme (programme, partnership) VALUES ($1, $2)
ON CONFLICT (programme) DO UPDATE SET partnership = excluded.partnership
