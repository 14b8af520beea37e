SELECT person_id, since FROM enrolment WHERE series_id = $1 AND state = 'enrolled' ORDER BY position
