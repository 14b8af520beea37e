UPDATE session
SET state = 'cancelled', cancel_reason = $2, changed = $3, revision = revision + 1
WHERE session_id = $1 AND state = 'scheduled'
