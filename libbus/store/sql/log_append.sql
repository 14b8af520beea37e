-- bulk
INSERT INTO event_log (seq, event_id, header, data, time)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[])
