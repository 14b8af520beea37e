-- The same deposit again is of an event that was not taken in the first time: what came last counts.
INSERT INTO deposit (deposit_id, person_id, channel, first_name, last_name, email, phone, street, insz_hash, first_key,
    last_key, name_key, email_key)
VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::bytea, $10::text,
    $11::text, $12::text, $13::text)
ON CONFLICT (deposit_id) DO UPDATE SET person_id = EXCLUDED.person_id, channel = EXCLUDED.channel,
    first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name, email = EXCLUDED.email, phone = EXCLUDED.phone,
    street = EXCLUDED.street, insz_hash = EXCLUDED.insz_hash, first_key = EXCLUDED.first_key,
    last_key = EXCLUDED.last_key, name_key = EXCLUDED.name_key, email_key = EXCLUDED.email_key
