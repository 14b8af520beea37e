INSERT INTO partnership (partnership, name, since, lead_nis) VALUES ($1::text, $2::text, $3::date, $4::text)
