-- bulk
INSERT INTO counted_person (person_id, counted_for, result_id)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[])
