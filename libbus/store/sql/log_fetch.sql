-- The runs that hold the events after $1 up to $2: at least one, then as many as stay below $3 bytes. Those behind the
-- first that ends at $2 or later are not looked at.
SELECT seq, n, events
FROM (SELECT *, sum(octet_length(events)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS bytes
      FROM (SELECT seq, n, events FROM event_log
            WHERE seq > $1::bigint AND seq - n < $2::bigint
                AND seq <= coalesce((SELECT seq FROM event_log WHERE seq >= $2::bigint ORDER BY seq LIMIT 1), $2::bigint)
            ORDER BY seq) AS next
     ) AS counted
WHERE bytes <= $3::bigint OR bytes = octet_length(events)
ORDER BY seq
