-- bulk
INSERT INTO echo (number) SELECT * FROM unnest($1::bigint[])
