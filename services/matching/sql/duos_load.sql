-- Duos that go on.
SELECT
    duo_id, proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, started,
    last_contact, silent_since, ended, reason, hours, contacts, distance_m
FROM duo
WHERE state IN ('active', 'silent') AND ($1::text IS NULL OR programme = $1)
ORDER BY duo_id;
