INSERT INTO rate (rate_id, action, unit, cents_per_unit, maximum_cents, first_day, last_day)
VALUES ($1, $2, $3, $4, $5, $6::text::date, $7::text::date)
