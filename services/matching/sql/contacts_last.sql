-- Of the contacts whose ids tell when they were made, the youngest.
SELECT contact_id FROM contact ORDER BY contact_id DESC LIMIT $1::bigint
