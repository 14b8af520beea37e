-- A duo that never was: how long it lasted is forgotten. Told: what was counted of it.
WITH gone AS (DELETE FROM duo WHERE duo_id = $1::uuid)
SELECT line_id
FROM result
WHERE partnership = $2 AND figure IN ('duos-formed', 'hours') AND kind = 'counted' AND about = $1::text
ORDER BY line_id
