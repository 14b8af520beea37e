-- bulk
INSERT INTO request_done (key, digest, reply, time)
SELECT unnest($1::text[]), unnest($2::bytea[]), unnest($3::bytea[]), unnest($4::timestamptz[])
