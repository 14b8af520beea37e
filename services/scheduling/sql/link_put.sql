INSERT INTO calendar_link (person_id, counter, hash) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET counter = excluded.counter, hash = excluded.hash
