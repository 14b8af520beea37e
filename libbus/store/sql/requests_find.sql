SELECT key, digest, reply, time FROM request_done WHERE key = ANY ($1::text[]) ORDER BY key
