UPDATE person SET may_contact = $2 WHERE person_id = $1 AND NOT erased
