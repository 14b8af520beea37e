SELECT FROM request_done WHERE time < $1::timestamptz LIMIT 1
