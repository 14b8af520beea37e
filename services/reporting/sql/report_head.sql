SELECT p.name, EXISTS (SELECT 1 FROM closed_report c WHERE c.partnership = p.partnership AND c.project_year = $2)
FROM partnership p WHERE p.partnership = $1
