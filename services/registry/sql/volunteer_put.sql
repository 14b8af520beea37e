INSERT INTO volunteer (person_id, state, capacity, rest_until, informed_on)
VALUES ($1::uuid, $2::text, $3::integer, $4::date, $5::date)
ON CONFLICT (person_id) DO UPDATE SET (state, capacity, rest_until, informed_on)
    = (EXCLUDED.state, EXCLUDED.capacity, EXCLUDED.rest_until, EXCLUDED.informed_on)
