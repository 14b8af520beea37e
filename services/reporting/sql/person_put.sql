-- bulk
-- The last place in a batch holds.
INSERT INTO person (person_id, nis)
SELECT DISTINCT ON (person_id) person_id, nis
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS given (person_id, nis, n)
ORDER BY person_id, n DESC
ON CONFLICT (person_id) DO UPDATE SET nis = excluded.nis
