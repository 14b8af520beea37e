-- bulk
-- Beginning and end may come in one batch: the last one holds, with the beginning of the first.
INSERT INTO wait (waiting_id, partnership, programme, side, nis, since, until, outcome,
                  stream, began_seq, began_event, ended_seq, ended_event, action)
SELECT DISTINCT ON (waiting_id) waiting_id, partnership, programme, side, nis, since, until, outcome, stream,
       max(began_seq) OVER (PARTITION BY waiting_id), max(began_event) OVER (PARTITION BY waiting_id),
       ended_seq, ended_event, max(action) OVER (PARTITION BY waiting_id)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[],
            $9::text[], $10::bigint[], $11::text[], $12::bigint[], $13::text[], $14::bigint[])
    WITH ORDINALITY AS given (waiting_id, partnership, programme, side, nis, since, until, outcome,
                              stream, began_seq, began_event, ended_seq, ended_event, action, n)
ORDER BY waiting_id, n DESC
ON CONFLICT (waiting_id) DO UPDATE SET until = excluded.until, outcome = excluded.outcome, stream = excluded.stream,
                                       ended_seq = excluded.ended_seq, ended_event = excluded.ended_event
