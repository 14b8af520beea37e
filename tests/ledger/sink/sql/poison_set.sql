INSERT INTO poison (subject, how) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE SET how = excluded.how
