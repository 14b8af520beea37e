-- A result that holds nothing stands for nobody; whom it was counted for may have been merged into another since.
DELETE FROM counted_person
WHERE result_id = $1 AND person_id = coalesce((SELECT merged_into FROM person WHERE person_id = $2), $2)
