DELETE FROM dead_letter WHERE source = $1 AND seq = $2::bigint AND event_id = $3
