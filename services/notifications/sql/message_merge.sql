UPDATE message SET person_id = $1 WHERE person_id = $2 AND state = 'queued'
