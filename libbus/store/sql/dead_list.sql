SELECT source, seq, event_id, subject, type, header, data, state, error, fingerprint, attempts, next, first, last, note
FROM dead_letter
WHERE state <> 'dropped' AND ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR subject = $2)
    AND ($3::timestamptz IS NULL OR (state = 'retrying' AND next <= $3))
ORDER BY source, seq, first, event_id
