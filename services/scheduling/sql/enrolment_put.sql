INSERT INTO enrolment (series_id, person_id, state, position, since) VALUES ($1, $2, $3, $4, $5)
