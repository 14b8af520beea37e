UPDATE enrolment SET person_id = $3 WHERE series_id = $1 AND person_id = $2
