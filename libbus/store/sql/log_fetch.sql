-- The runs that hold the events after $1: at least one, then as many as stay below $3 bytes.
SELECT seq, n, events
FROM (SELECT *, sum(octet_length(events)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS bytes
      FROM (SELECT seq, n, events FROM event_log WHERE seq > $1::bigint ORDER BY seq LIMIT $2::bigint) AS next
     ) AS counted
WHERE bytes <= $3::bigint OR bytes = octet_length(events)
ORDER BY seq
