INSERT INTO session (session_id, series_id, on_date, at, state, changed)
VALUES ($1, $2, $3::date, $4, 'scheduled', $5)
