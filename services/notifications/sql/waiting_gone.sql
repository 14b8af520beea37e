-- bulk
DELETE FROM waiting WHERE message_id = ANY ($1::uuid[])
