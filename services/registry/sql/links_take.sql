DELETE FROM partner_link WHERE person_id = $1::uuid RETURNING source, external_person
