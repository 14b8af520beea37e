DELETE FROM attendance WHERE session_id = $1 AND person_id = $2
