DELETE FROM request_done
WHERE key IN (SELECT key FROM request_done WHERE time < $1::timestamptz ORDER BY time LIMIT 5000)
