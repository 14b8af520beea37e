-- The letters that a person was sent, also under ids that were merged into theirs.
SELECT message_id FROM message
WHERE state = 'sent' AND person_id IN (SELECT $1::uuid UNION SELECT person_id FROM person WHERE merged_into = $1)
ORDER BY message_id
