-- What someone was counted for something as, and on which action.
SELECT c.result_id, coalesce(r.action, 0)::bigint
FROM counted_person c
JOIN result r ON r.line_id = c.result_id
WHERE c.person_id = $1 AND c.counted_for = $2
