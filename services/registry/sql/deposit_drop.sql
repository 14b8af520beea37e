DELETE FROM deposit WHERE deposit_id = $1::uuid
