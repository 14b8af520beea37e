-- All ids that those went by who are erased: their own, and those that were merged into it.
SELECT p.person_id FROM person AS p JOIN person AS k ON k.person_id = coalesce(p.merged_into, p.person_id)
WHERE k.state = 'erased' ORDER BY p.person_id
