-- bulk
INSERT INTO drained (seq, number, said_us) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
