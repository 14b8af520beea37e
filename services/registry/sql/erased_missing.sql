-- Which of these are known again, though they were erased.
SELECT DISTINCT coalesce(p.merged_into, p.person_id) FROM person AS p
    JOIN person AS k ON k.person_id = coalesce(p.merged_into, p.person_id)
WHERE p.person_id = ANY ($1::uuid[]) AND k.state = 'known' ORDER BY 1
