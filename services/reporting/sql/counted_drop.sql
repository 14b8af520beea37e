-- All that stands for a count that is taken out.
DELETE FROM counted_person
WHERE person_id = $2 AND result_id IN (
    SELECT dropped.result_id
    FROM counted_person dropped
    JOIN counted_person kept ON kept.person_id = $1 AND kept.counted_for = dropped.counted_for
    WHERE dropped.person_id = $2)
