-- bulk
-- The whole row as it is now; of several in one batch the last counts.
INSERT INTO member (
    person_id, programme, side, capacity, waiting, waiting_id, since, entered, credit_us)
SELECT DISTINCT ON (person_id, programme, side)
    person_id, programme, side, capacity, waiting, waiting_id, since, entered, credit_us
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::boolean[], $6::uuid[], $7::timestamptz[],
    $8::timestamptz[], $9::bigint[]
) WITH ORDINALITY AS given (
    person_id, programme, side, capacity, waiting, waiting_id, since, entered, credit_us, place)
ORDER BY person_id, programme, side, place DESC
ON CONFLICT (person_id, programme, side) DO UPDATE SET
    capacity = excluded.capacity, waiting = excluded.waiting, waiting_id = excluded.waiting_id,
    since = excluded.since, entered = excluded.entered, credit_us = excluded.credit_us;
