-- bulk
INSERT INTO accepted (source, id, digest, seq)
SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::bytea[]), unnest($4::bigint[])
