-- The letters of a person that may stand in a folder, also under ids that were merged into theirs. In whatever state: one
-- may travel, or be written although its outcome was lost with the process.
SELECT message_id FROM every_message
WHERE person_id IN (SELECT $1::uuid UNION SELECT person_id FROM person WHERE merged_into = $1)
ORDER BY message_id
