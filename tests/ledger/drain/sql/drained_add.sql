-- bulk
INSERT INTO drained (seq, number, said_us) SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[])
