-- bulk
-- Beginning and end may come in one batch: the last one holds, with the beginning of the first.
INSERT INTO duo (duo_id, partnership, programme, nis, distance_m, started, ended, reason,
                 stream, began_seq, began_event, ended_seq, ended_event, action)
SELECT DISTINCT ON (duo_id) duo_id, partnership, programme, nis, distance_m, started, ended, reason, stream,
       max(began_seq) OVER (PARTITION BY duo_id), max(began_event) OVER (PARTITION BY duo_id), ended_seq, ended_event,
       max(action) OVER (PARTITION BY duo_id)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::text[],
            $9::text[], $10::bigint[], $11::text[], $12::bigint[], $13::text[], $14::bigint[])
    WITH ORDINALITY AS given (duo_id, partnership, programme, nis, distance_m, started, ended, reason,
                              stream, began_seq, began_event, ended_seq, ended_event, action, n)
ORDER BY duo_id, n DESC
ON CONFLICT (duo_id) DO UPDATE SET ended = excluded.ended, reason = excluded.reason, stream = excluded.stream,
                                   ended_seq = excluded.ended_seq, ended_event = excluded.ended_event
