-- bulk
INSERT INTO ledger (place, stream, seq, subject, number, cause, key)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[])
