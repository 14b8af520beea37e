-- A page of what is parked, without the messages themselves: from the one after ($1, $2, $3) on, in the order of the key.
SELECT source, seq, event_id, subject, type, state, error, fingerprint, attempts, next, first, last
FROM dead_letter
WHERE state <> 'dropped' AND (source, seq, event_id) > ($1, $2::bigint, $3)
ORDER BY source, seq, event_id
LIMIT $4::integer
