-- The units of a target under each rate that held in its project year, first rate first.
WITH held AS (
    SELECT action, unit, cents_per_unit, maximum_cents, first_day,
           least(last_day, lead(first_day) OVER (PARTITION BY action ORDER BY first_day) - 1) AS last_day
    FROM rate
)
SELECT h.cents_per_unit, h.maximum_cents,
       coalesce((SELECT sum(r.amount_e2) FROM result r
                 WHERE r.partnership = $1 AND r.action = h.action AND r.unit = h.unit AND r.project_year = $4
                   AND r.figure = ANY ($5::text[]) AND NOT r.late
                   AND r.on_date >= h.first_day AND (h.last_day IS NULL OR r.on_date <= h.last_day)), 0)::bigint
FROM held h
WHERE h.action = $2 AND h.unit = $3
  AND h.first_day <= $7::text::date AND (h.last_day IS NULL OR h.last_day >= $6::text::date)
ORDER BY h.first_day
