DELETE FROM deposit_told WHERE told < $1::timestamptz
