-- Which of these ids are taken.
SELECT t.person_id FROM unnest($1::uuid[]) AS g(person_id) JOIN person AS t ON t.person_id = g.person_id
