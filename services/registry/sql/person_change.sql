WITH private AS (
    UPDATE person_private SET partnership = $2::text WHERE person_id = $1::uuid AND partnership <> $2
)
UPDATE person SET (partnership, postcode, nis, preferred_language, channel, found_through, birth_year, gender,
        dutch_level, prefers_gender, languages, interests, availability, child_birth_years, partner_status, told_away)
    = ($2, $3::text, $4::text, $5::text, $6::text, $7::text, $8::integer, $9::text, $10::text, $11::text,
        $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text, $17::timestamptz)
WHERE person_id = $1
