SELECT deposit_id, digest FROM deposit_told WHERE deposit_id = ANY ($1::uuid[])
