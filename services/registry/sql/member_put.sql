INSERT INTO member (partnership, nis, since) VALUES ($1::text, $2::text, $3::date)
