UPDATE proposal
SET newcomer_id = CASE WHEN newcomer_id = $1 THEN $2 ELSE newcomer_id END,
    volunteer_id = CASE WHEN volunteer_id = $1 THEN $2 ELSE volunteer_id END
WHERE newcomer_id = $1 OR volunteer_id = $1
