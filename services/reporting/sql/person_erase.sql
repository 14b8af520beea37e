DELETE FROM person WHERE person_id = $1 OR merged_into = $1
