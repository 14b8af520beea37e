-- bulk
-- A list of columns: rows of a table function would all be set aside first, which costs half as much as the insert.
INSERT INTO event_log (seq, event_id, header, data, time)
SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::bytea[]), unnest($4::bytea[]), unnest($5::timestamptz[])
