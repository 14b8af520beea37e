UPDATE token SET revoked = $2 WHERE token_id = $1 AND revoked IS NULL
