INSERT INTO partnership (partnership, name, since) VALUES ($1, $2, $3::text::date) ON CONFLICT DO NOTHING
