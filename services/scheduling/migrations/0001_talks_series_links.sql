CREATE TABLE programme (
    programme text PRIMARY KEY,
    partnership text NOT NULL
);
COMMENT ON TABLE programme IS 'Which programmes there are, and who runs each; from registry';

CREATE TABLE gone (
    person_id uuid PRIMARY KEY,
    keep_id uuid
);
CREATE INDEX gone_by_keep ON gone (keep_id);
COMMENT ON TABLE gone IS 'People who were erased (no keep_id), and ids that were merged into another';

CREATE TABLE proposal (
    proposal_id uuid PRIMARY KEY,
    partnership text NOT NULL,
    programme text NOT NULL,
    newcomer_id uuid NOT NULL,
    volunteer_id uuid NOT NULL,
    nis text NOT NULL,
    state text NOT NULL CHECK (state IN ('accepted', 'started', 'ended'))
);
CREATE INDEX proposal_by_newcomer ON proposal (newcomer_id);
CREATE INDEX proposal_by_volunteer ON proposal (volunteer_id);
COMMENT ON TABLE proposal IS 'Proposals that were accepted, and whether a talk about them can still be planned; from matching';

CREATE TABLE meeting (
    meeting_id uuid PRIMARY KEY,
    proposal_id uuid NOT NULL REFERENCES proposal,
    at timestamptz NOT NULL,
    duration_minutes bigint NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
    place_kind text,
    state text NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
    outcome text,
    reason text,
    revision bigint NOT NULL DEFAULT 0,
    changed timestamptz NOT NULL,
    CHECK ((state = 'held') = (outcome IS NOT NULL))
);
CREATE UNIQUE INDEX meeting_one_planned ON meeting (proposal_id) WHERE state = 'planned';
CREATE INDEX meeting_by_proposal ON meeting (proposal_id);
CREATE INDEX meeting_by_time ON meeting (at, meeting_id);
COMMENT ON TABLE meeting IS 'Acquaintance talks: planned, held with an outcome, or cancelled';

CREATE TABLE series (
    series_id uuid PRIMARY KEY,
    partnership text NOT NULL,
    programme text NOT NULL,
    nis text NOT NULL,
    title text NOT NULL,
    rrule text NOT NULL,
    timezone text NOT NULL,
    starts text NOT NULL,
    duration_minutes bigint NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
    capacity bigint NOT NULL CHECK (capacity BETWEEN 1 AND 500),
    venue text,
    until date,
    scheduled_to date NOT NULL,
    next_position bigint NOT NULL DEFAULT 1
);
CREATE INDEX series_by_programme ON series (programme);
CREATE INDEX series_by_partnership ON series (partnership);
COMMENT ON TABLE series IS 'What repeats, by its rule; sessions exist up to and including scheduled_to';

CREATE TABLE session (
    session_id uuid PRIMARY KEY,
    series_id uuid NOT NULL REFERENCES series,
    on_date date NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('scheduled', 'held', 'cancelled')),
    attended_n bigint,
    missed_n bigint,
    guests bigint,
    hours double precision,
    cancel_reason text,
    revision bigint NOT NULL DEFAULT 0,
    changed timestamptz NOT NULL,
    UNIQUE (series_id, on_date),
    CHECK ((state = 'held') = (attended_n IS NOT NULL)),
    CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL))
);
CREATE INDEX session_by_time ON session (at, session_id);
COMMENT ON TABLE session IS 'The dates of a series; on_date is the day in the time zone of the series';

CREATE TABLE enrolment (
    series_id uuid NOT NULL REFERENCES series,
    person_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('enrolled', 'waiting')),
    position bigint NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (series_id, person_id),
    UNIQUE (series_id, position)
);
CREATE INDEX enrolment_by_person ON enrolment (person_id);
COMMENT ON TABLE enrolment IS 'Who has a place in a series and who waits for one, in the order they came';

CREATE TABLE attendance (
    session_id uuid NOT NULL REFERENCES session,
    person_id uuid NOT NULL,
    present boolean NOT NULL,
    enrolled boolean NOT NULL,
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX attendance_by_person ON attendance (person_id);
COMMENT ON TABLE attendance IS 'Who was at a session that was held, or missed it; enrolled: had a place';

CREATE TABLE calendar_link (
    person_id uuid PRIMARY KEY,
    counter bigint NOT NULL,
    hash bytea UNIQUE
);
COMMENT ON TABLE calendar_link IS 'private: the hash of each calendar secret; the secret itself is kept nowhere';
