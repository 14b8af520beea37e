-- A page of the keys that were answered, from the one after $1 on.
SELECT key FROM request_done WHERE key > $1::text ORDER BY key LIMIT $2::bigint
