-- The units of the targets of the project years from $2 to $3 (of days $5 to $6, which begin in month $7) under each rate
-- that held in the year, first rate first.
WITH held AS (
    SELECT action, unit, cents_per_unit, maximum_cents, first_day,
           coalesce(least(last_day, lead(first_day) OVER (PARTITION BY action ORDER BY first_day) - 1), 'infinity') AS last_day
    FROM rate
), counted AS (
    SELECT action, unit, project_year, on_date, sum(amount_e2) AS amount_e2
    FROM result
    WHERE partnership = $1 AND on_date BETWEEN $5::text::date AND $6::text::date AND figure = ANY ($4::text[]) AND NOT late
    GROUP BY action, unit, project_year, on_date
)
SELECT t.project_year::bigint, t.action::bigint, h.cents_per_unit, h.maximum_cents, coalesce(sum(c.amount_e2), 0)::bigint
FROM target t
JOIN held h ON h.action = t.action AND h.unit = t.unit
           AND h.first_day < make_date(t.project_year + 1, $7::integer, 1)
           AND h.last_day >= make_date(t.project_year, $7::integer, 1)
LEFT JOIN counted c ON c.action = t.action AND c.unit = t.unit AND c.project_year = t.project_year
                   AND c.on_date BETWEEN h.first_day AND h.last_day
WHERE t.partnership = $1 AND t.project_year BETWEEN $2 AND $3
GROUP BY t.project_year, t.action, h.first_day, h.cents_per_unit, h.maximum_cents
ORDER BY t.project_year, t.action, h.first_day
