-- bulk
INSERT INTO accepted (source, id, digest, seq)
SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[])
