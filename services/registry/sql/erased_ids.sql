-- All ids that a person went by: their own, and those that were merged into it.
SELECT person_id FROM person WHERE person_id = $1::uuid OR merged_into = $1 ORDER BY person_id
