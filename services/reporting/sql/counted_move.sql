UPDATE counted_person SET person_id = $1 WHERE person_id = $2
