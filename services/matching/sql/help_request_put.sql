-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO help_request (
    request_id, programme, partnership, person_id, topic, nis, state, buddy_id, opened, assigned, ended,
    hours, drop_reason)
SELECT DISTINCT ON (request_id)
    request_id, programme, partnership, person_id, topic, nis, state, buddy_id, opened, assigned, ended,
    hours, drop_reason
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[],
    $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::double precision[], $13::text[]
) WITH ORDINALITY AS given (
    request_id, programme, partnership, person_id, topic, nis, state, buddy_id, opened, assigned, ended,
    hours, drop_reason, place)
ORDER BY request_id, place DESC
ON CONFLICT (request_id) DO UPDATE SET
    programme = excluded.programme, partnership = excluded.partnership, person_id = excluded.person_id,
    topic = excluded.topic, nis = excluded.nis, state = excluded.state, buddy_id = excluded.buddy_id,
    opened = excluded.opened, assigned = excluded.assigned, ended = excluded.ended, hours = excluded.hours,
    drop_reason = excluded.drop_reason;
