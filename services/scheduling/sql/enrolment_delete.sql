DELETE FROM enrolment WHERE series_id = $1 AND person_id = $2
