-- bulk
INSERT INTO event_log (seq, n, events) SELECT unnest($1::bigint[]), unnest($2::integer[]), unnest($3::bytea[])
