SELECT name, key, due, correlationid FROM timer
WHERE due <= $1::timestamptz ORDER BY due, name, key LIMIT $2::bigint
