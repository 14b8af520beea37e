UPDATE message SET carrier = $2, attempts = attempts + 1 WHERE message_id = $1
