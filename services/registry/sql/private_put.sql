INSERT INTO person_private (person_id, first_name, last_name, email, phone, street, insz_hash, first_key, last_key,
    name_key, email_key)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::bytea, $8::text, $9::text, $10::text, $11::text)
ON CONFLICT (person_id) DO UPDATE SET (first_name, last_name, email, phone, street, insz_hash, first_key, last_key,
        name_key, email_key)
    = (EXCLUDED.first_name, EXCLUDED.last_name, EXCLUDED.email, EXCLUDED.phone, EXCLUDED.street, EXCLUDED.insz_hash,
        EXCLUDED.first_key, EXCLUDED.last_key, EXCLUDED.name_key, EXCLUDED.email_key)
