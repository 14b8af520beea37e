SELECT source, seq, event_id, subject, type, header, data, state, error, fingerprint, attempts, next, first, last, note
FROM dead_letter
WHERE state <> 'dropped' AND source = $1 AND seq = $2::bigint AND event_id = $3
