UPDATE enrolment SET state = 'enrolled', since = $3 WHERE series_id = $1 AND person_id = $2
