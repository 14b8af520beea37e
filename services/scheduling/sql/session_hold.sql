UPDATE session
SET state = 'held', attended_n = $2, missed_n = $3, guests = $4, hours = $5, changed = $6, revision = revision + 1
WHERE session_id = $1 AND state = 'scheduled'
