-- Answered, so that it comes after what was gathered: rare.
UPDATE waiting SET person_id = $2, language = $3, channel = $4, due = $5, attempts = $6 WHERE message_id = $1
RETURNING true
