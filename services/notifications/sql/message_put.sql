INSERT INTO message (message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type,
                     about, series_id, at, place_kind, help_topic, resend_of, queued, due)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
