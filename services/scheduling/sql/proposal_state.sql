UPDATE proposal SET state = $2 WHERE proposal_id = $1
