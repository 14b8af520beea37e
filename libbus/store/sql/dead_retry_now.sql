-- One dead letter ($2, $3, $4), those of one cause ($5), or all: tried again at $1. Never one that waits behind another.
UPDATE dead_letter AS d
SET state = 'retrying', next = $1::timestamptz, last = $1::timestamptz
WHERE state IN ('parked', 'retrying', 'behind')
    AND ($2::text IS NULL OR (source = $2 AND seq = $3::bigint AND event_id = $4::text))
    AND ($5::text IS NULL OR fingerprint = $5)
    AND (subject IS NULL OR NOT EXISTS (
        SELECT FROM dead_letter AS e
        WHERE e.state <> 'dropped' AND e.source = d.source AND e.subject = d.subject
            AND (e.seq, e.first, e.event_id) < (d.seq, d.first, d.event_id)))
RETURNING 1
