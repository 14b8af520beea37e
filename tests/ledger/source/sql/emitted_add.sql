-- bulk
INSERT INTO emitted (mark, first, n) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
