-- Told: who had it.
DELETE FROM helping WHERE request_id = $1 RETURNING buddy_id
