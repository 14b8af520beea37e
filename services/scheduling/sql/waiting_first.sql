SELECT person_id, since FROM enrolment WHERE series_id = $1 AND state = 'waiting' ORDER BY position LIMIT $2
