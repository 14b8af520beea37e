UPDATE message SET carrier = $2, attempts = attempts + 1 WHERE message_id = ANY ($1::uuid[])
