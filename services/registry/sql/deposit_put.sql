INSERT INTO deposit (deposit_id, person_id, channel, first_name, last_name, email, phone, street, insz_hash, first_key,
    last_key, name_key, email_key)
VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::bytea, $10::text,
    $11::text, $12::text, $13::text)
