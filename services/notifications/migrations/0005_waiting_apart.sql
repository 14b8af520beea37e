-- What waits or travels stands apart from what has ended: a row of either is written once, the table of all that was ever
-- sent is never changed, and a start reads no more than what waits. Which letter a message travels in stands in the letter.
CREATE TABLE waiting (
    message_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    partnership text NOT NULL,
    template text NOT NULL,
    language text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('mail', 'sms', 'none')),
    programme text,
    cause_id text NOT NULL,
    cause_type text NOT NULL,
    about uuid NOT NULL,
    series_id uuid,
    at timestamptz,
    place_kind text,
    help_topic text,
    resend_of uuid,
    queued timestamptz NOT NULL,
    due timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0)
);
COMMENT ON TABLE waiting IS 'Messages that have not ended: why, for whom, and how often they were tried in vain. No text, no address';

INSERT INTO waiting (
    message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, attempts)
SELECT message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, attempts
FROM message WHERE state = 'queued';
DELETE FROM message WHERE state = 'queued';

DROP INDEX message_waiting;
ALTER TABLE message RESET (fillfactor);
ALTER TABLE message DROP COLUMN carrier, DROP CONSTRAINT message_check, DROP CONSTRAINT message_state_check,
    ALTER state DROP DEFAULT, ALTER ended SET NOT NULL, ADD CHECK (state IN ('sent', 'failed', 'dropped', 'merged'));
COMMENT ON TABLE message IS 'Every message that has ended: why, for whom, and what became of it. No text, no address';

CREATE VIEW every_message AS
SELECT message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, attempts, state, ended, fail_reason, merged_into
FROM message
UNION ALL
SELECT message_id, person_id, partnership, template, language, channel, programme, cause_id, cause_type, about, series_id,
    at, place_kind, help_topic, resend_of, queued, due, attempts, 'queued', NULL, NULL, NULL
FROM waiting;
COMMENT ON VIEW every_message IS 'What has ended and what has not';
