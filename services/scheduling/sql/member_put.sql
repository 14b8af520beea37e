INSERT INTO member (nis, partnership) VALUES ($1, $2)
ON CONFLICT (nis) DO UPDATE SET partnership = excluded.partnership
