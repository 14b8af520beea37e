-- Newest first; the cursor is the (queued, id) of the last row of the page before. Days are days in Belgium. What is lost is what somebody is still to be
-- reached for: it failed against their wish, and neither came anything later nor is it sent again now.
SELECT m.message_id, m.person_id, m.partnership, m.template, m.language, m.channel, m.programme, m.cause_id, m.cause_type,
       m.about, m.series_id, m.at, m.place_kind, m.help_topic, m.resend_of, m.queued, m.due, m.attempts,
       m.state, m.ended, m.fail_reason, m.merged_into
FROM every_message m
WHERE ($1::text IS NULL OR m.partnership = $1)
  AND ($2::uuid IS NULL OR m.person_id = $2)
  AND ($3::uuid IS NULL OR m.message_id = $3)
  AND ($4::text IS NULL OR m.state = $4)
  AND ($5::text IS NULL OR m.template = $5)
  AND ($6::text IS NULL OR m.language = $6)
  AND ($7::date IS NULL OR m.queued >= $7::date::timestamp AT TIME ZONE 'Europe/Brussels')
  AND ($8::date IS NULL OR m.queued < ($8::date + 1)::timestamp AT TIME ZONE 'Europe/Brussels')
  AND ($9::timestamptz IS NULL OR (m.queued, m.message_id) < ($9, $10::uuid))
  AND ($11::boolean IS NOT TRUE
       OR (m.state = 'failed' AND m.fail_reason NOT IN ('no-consent', 'erased')
           AND m.message_id NOT IN (SELECT w.resend_of FROM waiting w WHERE w.resend_of IS NOT NULL)
           AND NOT EXISTS (SELECT FROM message since
                           WHERE since.person_id = m.person_id AND since.partnership = m.partnership AND since.state <> 'dropped'
                             AND (since.ended, since.message_id) > (m.ended, m.message_id))))
ORDER BY m.queued DESC, m.message_id DESC
LIMIT $12
