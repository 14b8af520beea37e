-- bulk
INSERT INTO wait (waiting_id, partnership, programme, side, nis, since, until, outcome)
SELECT DISTINCT ON (waiting_id) waiting_id, partnership, programme, side, nis, since, until, outcome
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[])
    WITH ORDINALITY AS given (waiting_id, partnership, programme, side, nis, since, until, outcome, n)
ORDER BY waiting_id, n DESC
ON CONFLICT (waiting_id) DO UPDATE SET until = excluded.until, outcome = excluded.outcome
