UPDATE message
SET state = $2, ended = $3, attempts = $4, fail_reason = $5, merged_into = $6, carrier = NULL
WHERE message_id = $1
