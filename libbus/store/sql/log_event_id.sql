SELECT event_id FROM event_log WHERE seq = $1::bigint
