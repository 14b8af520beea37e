INSERT INTO closed_report (partnership, project_year, closed, results) VALUES ($1, $2, $3, $4)
