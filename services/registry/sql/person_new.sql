INSERT INTO person (person_id, partnership, state, postcode, nis, preferred_language, channel, found_through,
    birth_year, gender, dutch_level, prefers_gender, languages, interests, availability, child_birth_years, registered)
VALUES ($1::uuid, $2::text, 'known', $3::text, $4::text, $5::text, $6::text, $7::text, $8::integer, $9::text,
    $10::text, $11::text, $12::text[], $13::text[], $14::text[], $15::bigint[], $16::timestamptz)
