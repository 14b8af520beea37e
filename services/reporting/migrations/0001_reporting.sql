CREATE TABLE partnership (
    partnership text PRIMARY KEY,
    name text NOT NULL,
    since date NOT NULL
);
COMMENT ON TABLE partnership IS 'Who reports: known from partnership-formed';

CREATE TABLE programme (
    programme text PRIMARY KEY,
    partnership text NOT NULL,
    name text NOT NULL,
    action integer CHECK (action BETWEEN 1 AND 24)
);
COMMENT ON TABLE programme IS 'What a programme is called and which action its results count for, as configured last';

CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    nis text,
    merged_into uuid,
    CHECK (nis IS NULL OR merged_into IS NULL)
);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON TABLE person IS 'Where people live, to count an attendance for their municipality; gone when they are erased';

CREATE TABLE counted_person (
    person_id uuid NOT NULL,
    counted_for text NOT NULL,
    result_id uuid NOT NULL,
    PRIMARY KEY (person_id, counted_for)
);
COMMENT ON TABLE counted_person IS 'Who was counted as a person of practice, and for what: "partnership/action or programme/project year"';

CREATE TABLE duo (
    duo_id uuid PRIMARY KEY,
    partnership text NOT NULL,
    programme text NOT NULL,
    nis text NOT NULL,
    distance_m bigint,
    started timestamptz NOT NULL,
    ended timestamptz,
    reason text
);
CREATE INDEX duo_ended ON duo (partnership, ended);
CREATE INDEX duo_running ON duo (duo_id) WHERE ended IS NULL;
COMMENT ON TABLE duo IS 'How long duos lasted; an end without a reason: they became informal';

CREATE TABLE wait (
    waiting_id uuid PRIMARY KEY,
    partnership text NOT NULL,
    programme text NOT NULL,
    side text NOT NULL,
    nis text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    outcome text
);
CREATE INDEX wait_since ON wait (partnership, since);
CREATE INDEX wait_running ON wait (waiting_id) WHERE until IS NULL;
COMMENT ON TABLE wait IS 'How long people waited on each side';

CREATE TABLE result (
    line_id uuid PRIMARY KEY,
    result_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('counted', 'corrected')),
    partnership text NOT NULL,
    programme text,
    action integer,
    nis text NOT NULL,
    project_year integer NOT NULL,
    figure text NOT NULL,
    unit text NOT NULL,
    amount_e2 bigint NOT NULL,
    on_date date NOT NULL,
    stream text NOT NULL,
    seq bigint NOT NULL,
    event_id text NOT NULL,
    event_type text NOT NULL,
    at timestamptz NOT NULL,
    about text,
    reason text,
    correction text,
    late boolean NOT NULL
);
CREATE INDEX result_figure ON result (partnership, figure, on_date);
CREATE INDEX result_corrections ON result (result_id) WHERE kind = 'corrected';
COMMENT ON TABLE result IS 'One line for each part of a figure and each correction, with the event it comes from; amounts in hundredths';

CREATE TABLE target (
    partnership text NOT NULL,
    project_year integer NOT NULL,
    action integer NOT NULL,
    unit text NOT NULL,
    requested bigint NOT NULL,
    confirmed bigint NOT NULL,
    existing_reach bigint NOT NULL,
    PRIMARY KEY (partnership, project_year, action)
);
COMMENT ON TABLE target IS 'What was applied for and granted';

CREATE TABLE rate (
    rate_id uuid PRIMARY KEY,
    action integer NOT NULL,
    unit text NOT NULL,
    cents_per_unit bigint NOT NULL CHECK (cents_per_unit >= 0),
    maximum_cents bigint CHECK (maximum_cents >= 0),
    first_day date NOT NULL,
    last_day date,
    UNIQUE (action, first_day),
    CHECK (last_day >= first_day)
);
COMMENT ON TABLE rate IS 'What is paid for a unit of an action, from day to day; no last day: until the next rate begins';

CREATE TABLE closed_report (
    partnership text NOT NULL,
    project_year integer NOT NULL,
    closed timestamptz NOT NULL,
    results bigint NOT NULL,
    PRIMARY KEY (partnership, project_year)
);
COMMENT ON TABLE closed_report IS 'Project years whose figures stand';
