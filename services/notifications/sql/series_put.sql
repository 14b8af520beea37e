INSERT INTO series (series_id, title, venue) VALUES ($1, $2, $3)
ON CONFLICT (series_id) DO UPDATE SET title = excluded.title, venue = excluded.venue
