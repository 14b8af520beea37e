UPDATE meeting
SET at = $2, duration_minutes = $3, place_kind = $4, changed = $5, revision = revision + 1
WHERE meeting_id = $1 AND state = 'planned'
