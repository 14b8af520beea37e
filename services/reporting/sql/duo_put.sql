-- bulk
INSERT INTO duo (duo_id, partnership, programme, nis, distance_m, started, ended, reason)
SELECT DISTINCT ON (duo_id) duo_id, partnership, programme, nis, distance_m, started, ended, reason
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::text[])
    WITH ORDINALITY AS given (duo_id, partnership, programme, nis, distance_m, started, ended, reason, n)
ORDER BY duo_id, n DESC
ON CONFLICT (duo_id) DO UPDATE SET ended = excluded.ended, reason = excluded.reason
