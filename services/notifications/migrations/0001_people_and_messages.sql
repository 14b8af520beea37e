CREATE TABLE partnership (
    partnership text PRIMARY KEY,
    name text NOT NULL,
    quiet_from text,
    quiet_to text,
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);
COMMENT ON TABLE partnership IS 'Whose name stands under a message, and its quiet hours; NULL: the usual ones';

CREATE TABLE programme (
    programme text PRIMARY KEY,
    name text NOT NULL
);
COMMENT ON TABLE programme IS 'Names of programmes, for the texts';

CREATE TABLE series (
    series_id uuid PRIMARY KEY,
    title text NOT NULL,
    venue text
);
COMMENT ON TABLE series IS 'Titles and venues of series of sessions, for the texts';

CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    language text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('mail', 'sms', 'none')),
    may_contact boolean NOT NULL DEFAULT true,
    erased boolean NOT NULL DEFAULT false,
    merged_into uuid
);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON TABLE person IS 'In which language and by which channel; names and addresses stay in registry';

CREATE TABLE message (
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
    carrier uuid,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'dropped')),
    ended timestamptz,
    fail_reason text,
    merged_into uuid,
    CHECK ((state = 'queued') = (ended IS NULL)),
    CHECK ((state = 'failed') = (fail_reason IS NOT NULL))
);
CREATE UNIQUE INDEX message_once ON message (cause_id, person_id, template) WHERE resend_of IS NULL;
CREATE INDEX message_waiting ON message (person_id, queued, message_id) WHERE state = 'queued';
CREATE INDEX message_under_way ON message (carrier) WHERE state = 'queued' AND carrier IS NOT NULL;
CREATE INDEX message_about ON message (about) WHERE state = 'queued';
CREATE INDEX message_of_person ON message (person_id, queued DESC, message_id DESC);
CREATE INDEX message_of_partnership ON message (partnership, queued DESC, message_id DESC);
COMMENT ON TABLE message IS 'Every message: why, for whom, and what became of it; carrier: the letter it travels in now. No text, no address';
