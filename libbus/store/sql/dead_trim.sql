DELETE FROM dead_letter WHERE state = 'dropped' AND last < $1::timestamptz
