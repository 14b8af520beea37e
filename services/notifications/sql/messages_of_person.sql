SELECT m.message_id, m.person_id, m.partnership, m.template, m.language, m.channel, m.programme, m.cause_id, m.cause_type,
       m.about, m.series_id, m.at, m.place_kind, m.help_topic, m.resend_of, m.queued, m.due, m.carrier, m.attempts,
       m.state, m.ended, m.fail_reason, m.merged_into,
       pr.name, s.title, s.venue, p.name, p.quiet_from, p.quiet_to
FROM message m
LEFT JOIN programme pr ON pr.programme = m.programme
LEFT JOIN series s ON s.series_id = m.series_id
LEFT JOIN partnership p ON p.partnership = m.partnership
WHERE m.person_id = $1 AND m.state = 'queued'
ORDER BY m.queued, m.message_id
