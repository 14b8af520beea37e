INSERT INTO helping (request_id, programme, buddy_id) VALUES ($1, $2, $3)
