-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO duo (
    duo_id, proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, started,
    last_contact, silent_since, ended, reason, hours, contacts, distance_m)
SELECT DISTINCT ON (duo_id)
    duo_id, proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, started,
    last_contact, silent_since, ended, reason, hours, contacts, distance_m
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
    $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::text[],
    $14::double precision[], $15::bigint[], $16::bigint[]
) WITH ORDINALITY AS given (
    duo_id, proposal_id, programme, partnership, newcomer_id, volunteer_id, nis, state, started,
    last_contact, silent_since, ended, reason, hours, contacts, distance_m, place)
ORDER BY duo_id, place DESC
ON CONFLICT (duo_id) DO UPDATE SET
    proposal_id = excluded.proposal_id, programme = excluded.programme, partnership = excluded.partnership,
    newcomer_id = excluded.newcomer_id, volunteer_id = excluded.volunteer_id, nis = excluded.nis,
    state = excluded.state, started = excluded.started, last_contact = excluded.last_contact,
    silent_since = excluded.silent_since, ended = excluded.ended, reason = excluded.reason,
    hours = excluded.hours, contacts = excluded.contacts, distance_m = excluded.distance_m;
