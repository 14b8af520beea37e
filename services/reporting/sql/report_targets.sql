-- The targets of the project years that overlap the period, with what was counted for them.
SELECT t.action::bigint, t.project_year::bigint, t.unit, t.requested, t.confirmed, t.existing_reach,
       coalesce((SELECT sum(r.amount_e2) FROM result r
                 WHERE r.partnership = t.partnership AND r.action = t.action AND r.unit = t.unit
                   AND r.project_year = t.project_year AND r.figure = ANY ($4::text[]) AND NOT r.late), 0)::bigint
FROM target t
WHERE t.partnership = $1 AND t.project_year BETWEEN $2 AND $3
ORDER BY t.project_year, t.action
LIMIT 200
