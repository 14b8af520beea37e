-- A run has fewer than 8000 events, as it has at most as many bytes.
-- The runs that hold the events after $1 up to $2: at least one, then as many as stay below $3 bytes.
SELECT seq, n, events
FROM (SELECT *, sum(octet_length(events)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS bytes
      FROM (SELECT seq, n, events FROM event_log
            WHERE seq > $1::bigint AND seq <= least($2::bigint, 9223372036854767807) + 8000 AND seq - n < $2::bigint
            ORDER BY seq) AS next
     ) AS counted
WHERE bytes <= $3::bigint OR bytes = octet_length(events)
ORDER BY seq
