DELETE FROM request_done WHERE time < $1::timestamptz
