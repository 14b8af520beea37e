UPDATE stream_head SET lease_until = clock_timestamp() + $2::bigint * interval '1 ms'
WHERE lease_epoch = $1::bigint
RETURNING turn
