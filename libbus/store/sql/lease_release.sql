UPDATE stream_head SET owner = NULL, owner_pid = NULL, owner_started = NULL, lease_until = NULL, clean = true
WHERE lease_epoch = $1::bigint
RETURNING turn
