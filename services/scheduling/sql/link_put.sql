-- A new link ends those before it, also of ids that were merged into this one.
WITH ended AS (DELETE FROM calendar_link WHERE person_id IN (SELECT person_id FROM gone WHERE keep_id = $1))
INSERT INTO calendar_link (person_id, counter, hash) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET counter = excluded.counter, hash = excluded.hash
