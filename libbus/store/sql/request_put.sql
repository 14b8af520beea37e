-- bulk
INSERT INTO request_done (key, digest, reply, time)
SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::timestamptz[])
