SELECT 1::bigint FROM helping WHERE buddy_id = $1 AND programme = $2 LIMIT 1
