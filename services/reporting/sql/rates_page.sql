-- With the last day they really hold: a rate without one ends the day before the next begins.
WITH held AS (
    SELECT rate_id, action, unit, cents_per_unit, maximum_cents, first_day,
           coalesce(last_day, lead(first_day) OVER (PARTITION BY action ORDER BY first_day) - 1) AS last_day
    FROM rate
)
SELECT rate_id, action::bigint, unit, cents_per_unit, maximum_cents, to_char(first_day, 'YYYY-MM-DD'),
       to_char(last_day, 'YYYY-MM-DD')
FROM held
WHERE ($1::bigint IS NULL OR action = $1)
  AND ($2::text IS NULL OR (first_day <= $2::text::date AND (last_day IS NULL OR last_day >= $2::text::date)))
  AND ($4::text IS NULL OR (action, first_day) > ($3::bigint, $4::text::date))
ORDER BY action, first_day
LIMIT $5
