SELECT m.message_id, m.person_id, m.partnership, m.template, m.language, m.channel, m.programme, m.cause_id, m.cause_type,
       m.about, m.series_id, m.at, m.place_kind, m.help_topic, m.resend_of, m.queued, m.due, m.attempts,
       m.state, m.ended, m.fail_reason, m.merged_into
FROM every_message m
WHERE m.message_id = $1
