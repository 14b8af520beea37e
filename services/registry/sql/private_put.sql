UPDATE person_private SET (first_name, last_name, email, phone, street, insz_hash, first_key, last_key, name_key, email_key)
    = ($2::text, $3::text, $4::text, $5::text, $6::text, $7::bytea, $8::text, $9::text, $10::text, $11::text)
WHERE person_id = $1::uuid
