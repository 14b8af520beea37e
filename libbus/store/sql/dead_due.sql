-- Of a subject only the first.
SELECT source, seq, event_id, subject, type, header, data, state, error, fingerprint, attempts, next, first, last, note
FROM dead_letter AS d
WHERE state = 'retrying' AND next <= $1::timestamptz
    AND (subject IS NULL OR NOT EXISTS (
        SELECT FROM dead_letter AS e
        WHERE e.state <> 'dropped' AND e.source = d.source AND e.subject = d.subject
            AND (e.seq, e.first, e.event_id) < (d.seq, d.first, d.event_id)))
ORDER BY next, source, seq, first, event_id
LIMIT $2::integer
