INSERT INTO dead_letter (source, seq, event_id, subject, type, header, data, state, error, fingerprint, attempts,
                         next, first, last, note)
VALUES ($1, $2::bigint, $3, $4, $5, $6::bytea, $7::bytea, $8, $9, $10, $11::integer, $12::timestamptz,
        $13::timestamptz, $14::timestamptz, $15)
ON CONFLICT (source, seq, event_id) DO UPDATE
SET subject = excluded.subject, type = excluded.type, header = excluded.header, data = excluded.data,
    state = excluded.state, error = excluded.error, fingerprint = excluded.fingerprint,
    attempts = excluded.attempts, next = excluded.next, first = excluded.first, last = excluded.last,
    note = excluded.note
