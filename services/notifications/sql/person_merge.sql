-- Whoever was merged into the dropped one before reads the kept one now as well.
UPDATE person SET merged_into = $1 WHERE person_id = $2 OR merged_into = $2
