SELECT message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, attempts, correlation
FROM waiting
ORDER BY message_id
