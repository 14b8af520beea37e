INSERT INTO target (partnership, project_year, action, unit, requested, confirmed, existing_reach)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (partnership, project_year, action) DO UPDATE
SET unit = excluded.unit, requested = excluded.requested, confirmed = excluded.confirmed,
    existing_reach = excluded.existing_reach
