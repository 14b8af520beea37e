-- bulk
INSERT INTO counted_person (person_id, counted_for, result_id)
SELECT DISTINCT ON (person_id, counted_for) person_id, counted_for, result_id
FROM unnest($1::uuid[], $2::text[], $3::uuid[]) WITH ORDINALITY AS given (person_id, counted_for, result_id, n)
ORDER BY person_id, counted_for, n DESC
ON CONFLICT (person_id, counted_for) DO UPDATE SET result_id = excluded.result_id
