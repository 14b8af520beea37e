-- At least one row, then as many as stay below $3 bytes.
SELECT seq, event_id, header, data, time
FROM (SELECT *, sum(octet_length(header) + octet_length(data)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS bytes
      FROM (SELECT seq, event_id, header, data, time FROM event_log
            WHERE seq > $1::bigint ORDER BY seq LIMIT $2::bigint) AS next
     ) AS counted
WHERE bytes <= $3::bigint OR seq - 1 = $1::bigint
ORDER BY seq
