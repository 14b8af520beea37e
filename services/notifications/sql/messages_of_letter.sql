-- The messages that travel together, and when the next that waits for the same person is due. Found by the person:
-- a letter has the id of its first message.
SELECT m.message_id, m.person_id, m.partnership, m.template, m.language, m.channel, m.programme, m.cause_id, m.cause_type,
       m.about, m.series_id, m.at, m.place_kind, m.help_topic, m.resend_of, m.queued, m.due, m.carrier, m.attempts,
       m.state, m.ended, m.fail_reason, m.merged_into,
       p.quiet_from, p.quiet_to,
       (SELECT min(o.due) FROM message o WHERE o.person_id = m.person_id AND o.state = 'queued' AND o.carrier IS NULL)
FROM message m
LEFT JOIN partnership p ON p.partnership = m.partnership
WHERE m.person_id = (SELECT f.person_id FROM message f WHERE f.message_id = $1)
  AND m.state = 'queued' AND m.carrier = $1
ORDER BY m.queued, m.message_id
