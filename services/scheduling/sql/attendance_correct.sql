INSERT INTO attendance (session_id, person_id, present, enrolled)
VALUES ($1, $2, $3, $4)
ON CONFLICT (session_id, person_id) DO UPDATE SET present = excluded.present
