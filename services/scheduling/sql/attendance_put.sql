-- bulk
INSERT INTO attendance (session_id, person_id, present, enrolled)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::boolean[]), unnest($4::boolean[])
