SELECT (first_day - DATE '1970-01-01')::bigint, (last_day - DATE '1970-01-01')::bigint
FROM rate WHERE action = $1 ORDER BY first_day
