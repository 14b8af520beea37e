UPDATE person SET erased = true, may_contact = false, language = 'nl', channel = 'none'
WHERE person_id = $1 OR merged_into = $1
