-- What comes first of those that waited for ($1, $2) goes on at $3; the rest of them follow it.
UPDATE dead_letter AS d
SET state = 'retrying', next = $3::timestamptz
FROM (SELECT source, seq, event_id FROM dead_letter
      WHERE source = $1 AND subject = $2 AND state <> 'dropped'
      ORDER BY seq, first, event_id LIMIT 1) AS e
WHERE (d.source, d.seq, d.event_id) = (e.source, e.seq, e.event_id) AND d.state = 'behind'
