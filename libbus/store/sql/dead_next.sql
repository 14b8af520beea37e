-- Of a subject only the first counts.
SELECT min(next) FROM dead_letter AS d
WHERE state = 'retrying'
    AND (subject IS NULL OR NOT EXISTS (
        SELECT FROM dead_letter AS e
        WHERE e.state <> 'dropped' AND e.source = d.source AND e.subject = d.subject
            AND (e.seq, e.first, e.event_id) < (d.seq, d.first, d.event_id)))
