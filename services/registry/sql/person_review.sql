UPDATE person SET reviewed = $2::timestamptz WHERE person_id = $1::uuid
