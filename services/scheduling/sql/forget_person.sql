WITH forgotten AS (DELETE FROM attendance WHERE person_id = $1)
DELETE FROM calendar_link
WHERE person_id = $1 OR person_id IN (SELECT person_id FROM gone WHERE keep_id = $1)
