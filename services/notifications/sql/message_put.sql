-- bulk
-- The whole row as it is now; of several in one batch the last counts. What has ended stays as it ended.
INSERT INTO message (
    message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, carrier, attempts, state, ended, fail_reason, merged_into)
SELECT DISTINCT ON (message_id)
    message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, carrier, attempts, state, ended, fail_reason, merged_into
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::uuid[], $11::uuid[], $12::timestamptz[], $13::text[], $14::text[], $15::uuid[], $16::timestamptz[],
    $17::timestamptz[], $18::uuid[], $19::integer[], $20::text[], $21::timestamptz[], $22::text[], $23::uuid[]
) WITH ORDINALITY AS given (
    message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, carrier, attempts, state, ended, fail_reason, merged_into, place)
ORDER BY message_id, place DESC
ON CONFLICT (message_id) DO UPDATE SET
    person_id = excluded.person_id, language = excluded.language, channel = excluded.channel, due = excluded.due,
    carrier = excluded.carrier, attempts = excluded.attempts, state = excluded.state, ended = excluded.ended,
    fail_reason = excluded.fail_reason, merged_into = excluded.merged_into
WHERE message.state = 'queued'
