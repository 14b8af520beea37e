SELECT person_id FROM person ORDER BY person_id DESC LIMIT 1
