SELECT person_id FROM partner_link WHERE source = $1::text AND external_person = $2::text
