INSERT INTO person (person_id, partnership, nis) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET partnership = excluded.partnership, nis = excluded.nis
