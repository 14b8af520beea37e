DELETE FROM reader_position WHERE reader = $1
