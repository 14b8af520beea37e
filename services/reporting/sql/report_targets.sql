-- The targets of the project years from $2 to $3 (of days $5 to $6), with what was counted for them. At most $7.
WITH counted AS (
    SELECT action, unit, project_year, sum(amount_e2) AS amount_e2
    FROM result
    WHERE partnership = $1 AND on_date BETWEEN $5::text::date AND $6::text::date AND figure = ANY ($4::text[]) AND NOT late
    GROUP BY action, unit, project_year
)
SELECT t.action::bigint, t.project_year::bigint, t.unit, t.requested, t.confirmed, t.existing_reach,
       coalesce(c.amount_e2, 0)::bigint
FROM target t
LEFT JOIN counted c ON c.action = t.action AND c.unit = t.unit AND c.project_year = t.project_year
WHERE t.partnership = $1 AND t.project_year BETWEEN $2 AND $3
ORDER BY t.project_year, t.action
LIMIT $7
