SELECT DISTINCT dropped.result_id
FROM counted_person dropped
JOIN counted_person kept ON kept.person_id = $1 AND kept.counted_for = dropped.counted_for
WHERE dropped.person_id = $2
ORDER BY dropped.result_id
