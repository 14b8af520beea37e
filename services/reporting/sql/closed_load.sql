SELECT partnership, project_year::bigint FROM closed_report ORDER BY partnership, project_year
