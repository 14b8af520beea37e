-- bulk
INSERT INTO attendance (session_id, person_id, present, enrolled)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::boolean[])
