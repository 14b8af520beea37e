SELECT name, revoked FROM token WHERE token_id = $1
