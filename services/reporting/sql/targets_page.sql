SELECT partnership, project_year::bigint, action::bigint, unit, requested, confirmed, existing_reach
FROM target
WHERE ($1::text IS NULL OR partnership = $1)
  AND ($2::bigint IS NULL OR project_year = $2)
  AND ($3::bigint IS NULL OR action = $3)
  AND ($4::text IS NULL OR (partnership, project_year, action) > ($4, $5::bigint, $6::bigint))
ORDER BY partnership, project_year, action
LIMIT $7
