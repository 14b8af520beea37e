INSERT INTO person (person_id, language, channel) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET language = excluded.language, channel = excluded.channel
WHERE NOT person.erased
