DELETE FROM counted_person dropped
USING counted_person kept
WHERE dropped.person_id = $2 AND kept.person_id = $1 AND kept.counted_for = dropped.counted_for
