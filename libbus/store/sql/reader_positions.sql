SELECT reader, seq, at FROM reader_position ORDER BY reader
