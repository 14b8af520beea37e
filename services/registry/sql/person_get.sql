-- A person, or the one they were merged into; with what is private, and what they do as a volunteer.
SELECT p.person_id, p.partnership, p.state, p.postcode, p.nis, p.preferred_language, p.channel, p.found_through,
    p.partner_status, p.birth_year, p.gender, p.dutch_level, p.prefers_gender, p.languages, p.interests,
    p.availability, p.child_birth_years, p.registered,
    v.state, v.capacity, v.rest_until, v.informed_on,
    q.first_name, q.last_name, q.email, q.phone, q.street, q.insz_hash, p.told_away
FROM person AS p
    LEFT JOIN volunteer AS v ON v.person_id = p.person_id
    LEFT JOIN person_private AS q ON q.person_id = p.person_id
WHERE p.person_id = coalesce((SELECT m.merged_into FROM person AS m WHERE m.person_id = $1::uuid), $1)
