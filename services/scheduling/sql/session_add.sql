-- bulk
INSERT INTO session (session_id, series_id, on_date, at, state, changed)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[])::date, unnest($4::timestamptz[]), 'scheduled',
       unnest($5::timestamptz[])
