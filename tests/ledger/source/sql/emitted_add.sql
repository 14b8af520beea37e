-- bulk
INSERT INTO emitted (mark, first, n) SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::bigint[])
