DELETE FROM helping WHERE buddy_id = $1
