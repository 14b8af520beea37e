INSERT INTO person (person_id, partnership) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET partnership = excluded.partnership
