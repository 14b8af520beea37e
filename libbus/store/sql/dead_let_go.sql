-- Those that nothing holds up any more go on at $1; the rest of their subject follow them.
UPDATE dead_letter AS d
SET state = 'retrying', next = $1::timestamptz
WHERE state = 'behind' AND NOT EXISTS (
    SELECT FROM dead_letter AS e
    WHERE e.state <> 'dropped' AND e.source = d.source AND e.subject = d.subject
        AND (e.seq, e.first, e.event_id) < (d.seq, d.first, d.event_id))
