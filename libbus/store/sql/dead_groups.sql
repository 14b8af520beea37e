-- What is parked by its cause: one that waits behind another counts with the cause it waits for.
WITH cause AS (
    SELECT DISTINCT ON (source, subject) source, subject, fingerprint
    FROM dead_letter
    WHERE state IN ('parked', 'retrying') AND subject IS NOT NULL
    ORDER BY source, subject, seq
)
SELECT coalesce(CASE WHEN d.state = 'behind' THEN c.fingerprint END, d.fingerprint) AS fingerprint,
    count(*) AS n,
    count(*) FILTER (WHERE d.state = 'behind') AS behind,
    min(d.first) AS first,
    max(d.last) AS last,
    coalesce(min(d.event_id) FILTER (WHERE d.state <> 'behind'), min(d.event_id)) AS example
FROM dead_letter AS d LEFT JOIN cause AS c ON c.source = d.source AND c.subject = d.subject
WHERE d.state <> 'dropped'
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT $1::integer
