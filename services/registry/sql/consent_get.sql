SELECT given FROM consent WHERE person_id = $1::uuid AND purpose = $2::text
