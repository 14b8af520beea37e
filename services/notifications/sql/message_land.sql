UPDATE message SET carrier = NULL, due = $2 WHERE message_id = ANY ($1::uuid[])
