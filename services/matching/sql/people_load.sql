-- Everyone known, or who has to do with one programme: as an array, which the key's index finds.
SELECT
    person_id, partnership, nis, lat_e4, lon_e4, birth_year, gender, prefers_gender, dutch_level,
    languages, interests, child_years, slots, volunteer, gone, away
FROM person
WHERE NOT gone
    AND ($1::text IS NULL OR person_id = ANY (ARRAY(
        SELECT m.person_id FROM member AS m WHERE m.programme = $1
        UNION
        SELECT h.person_id FROM help_request AS h WHERE h.programme = $1)))
ORDER BY person_id;
