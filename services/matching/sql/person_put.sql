-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO person (
    person_id, partnership, nis, lat_e4, lon_e4, birth_year, gender, prefers_gender, dutch_level,
    languages, interests, child_years, slots, volunteer, gone, away)
SELECT DISTINCT ON (person_id)
    person_id, partnership, nis, lat_e4, lon_e4, birth_year, gender, prefers_gender, dutch_level,
    languages, interests, child_years, slots, volunteer, gone, away
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::text[], $15::boolean[], $16::boolean[]
) WITH ORDINALITY AS given (
    person_id, partnership, nis, lat_e4, lon_e4, birth_year, gender, prefers_gender, dutch_level,
    languages, interests, child_years, slots, volunteer, gone, away, place)
ORDER BY person_id, place DESC
ON CONFLICT (person_id) DO UPDATE SET
    partnership = excluded.partnership, nis = excluded.nis, lat_e4 = excluded.lat_e4,
    lon_e4 = excluded.lon_e4, birth_year = excluded.birth_year, gender = excluded.gender,
    prefers_gender = excluded.prefers_gender, dutch_level = excluded.dutch_level,
    languages = excluded.languages, interests = excluded.interests, child_years = excluded.child_years,
    slots = excluded.slots, volunteer = excluded.volunteer, gone = excluded.gone,
    away = excluded.away;
