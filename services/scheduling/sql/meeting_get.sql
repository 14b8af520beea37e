SELECT 1::bigint FROM meeting WHERE meeting_id = $1
