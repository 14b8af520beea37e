-- Without a wait ($6): they help somebody.
INSERT INTO stay (waiting_id, partnership, programme, person_id, nis, wait_id) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (waiting_id) DO UPDATE SET wait_id = excluded.wait_id
