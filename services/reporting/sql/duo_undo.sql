-- A duo that never was: how long it lasted is forgotten. Told: what was counted of it, since it began.
WITH gone AS (DELETE FROM duo WHERE duo_id = $1::uuid RETURNING started)
SELECT line_id
FROM gone
JOIN result ON on_date >= started::date - 1
WHERE partnership = $2 AND figure IN ('duos-formed', 'hours') AND kind = 'counted' AND about = $1::text
ORDER BY line_id
