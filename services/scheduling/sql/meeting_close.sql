UPDATE meeting
SET state = $2, outcome = $3, reason = $4, changed = $5, revision = revision + 1
WHERE meeting_id = $1 AND state = 'planned'
