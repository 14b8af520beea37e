-- What has not left yet follows the person's new choice.
UPDATE message SET language = $2, channel = $3 WHERE person_id = $1 AND state = 'queued' AND carrier IS NULL
