WITH private AS (
    INSERT INTO person_private (person_id, partnership, first_name, last_name, email, phone, street, insz_hash, first_key,
        last_key, name_key, email_key)
    VALUES ($1::uuid, $2::text, $17::text, $18::text, $19::text, $20::text, $21::text, $22::bytea, $23::text, $24::text,
        $25::text, $26::text)
)
INSERT INTO person (person_id, partnership, state, postcode, nis, preferred_language, channel, found_through,
    birth_year, gender, dutch_level, prefers_gender, languages, interests, availability, child_birth_years, registered)
VALUES ($1, $2, 'known', $3::text, $4::text, $5::text, $6::text, $7::text, $8::integer, $9::text, $10::text, $11::text,
    $12::text[], $13::text[], $14::text[], $15::bigint[], $16::timestamptz)
