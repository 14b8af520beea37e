-- Who an id stands for by now, where they live, and what they were counted for.
SELECT who.person_id, lives.nis,
       array(SELECT counted_for FROM counted_person c WHERE c.person_id = who.person_id ORDER BY counted_for)
FROM (SELECT coalesce((SELECT merged_into FROM person WHERE person_id = $1), $1::uuid) AS person_id) AS who
LEFT JOIN person lives ON lives.person_id = who.person_id
