CREATE TABLE programme (
    programme text PRIMARY KEY,
    partnership text NOT NULL,
    kind text NOT NULL,
    version bigint NOT NULL,
    max_distance_m bigint NOT NULL,
    min_shared_slots bigint NOT NULL,
    same_language_required boolean NOT NULL,
    silence_after_days bigint NOT NULL,
    proposal_valid_days bigint NOT NULL,
    match_every_hours bigint NOT NULL,
    weights text NOT NULL,
    next_round timestamptz
);
COMMENT ON TABLE programme IS 'Programmes with the rules and weights in force; next_round is set while changes wait for it';
COMMENT ON COLUMN programme.weights IS 'Six numbers: distance, age, family, interests, language, waiting';

CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    partnership text NOT NULL,
    nis text NOT NULL,
    lat_e4 bigint NOT NULL,
    lon_e4 bigint NOT NULL,
    birth_year bigint NOT NULL,
    gender text NOT NULL,
    prefers_gender text NOT NULL,
    dutch_level text NOT NULL,
    languages text NOT NULL,
    interests text NOT NULL,
    child_years text NOT NULL,
    slots bigint NOT NULL,
    volunteer text NOT NULL CHECK (volunteer IN ('', 'available', 'resting', 'stopped')),
    gone boolean NOT NULL
);
COMMENT ON TABLE person IS 'What matching knows of people: coarse attributes, never a name; of who is gone nothing but the id';
COMMENT ON COLUMN person.slots IS 'Parts of the week they can meet, a bit each from Monday morning on; 0: not asked';

CREATE TABLE member (
    person_id uuid NOT NULL,
    programme text NOT NULL,
    side text NOT NULL CHECK (side IN ('newcomer', 'volunteer')),
    capacity bigint NOT NULL CHECK (capacity BETWEEN 0 AND 10),
    waiting boolean NOT NULL,
    waiting_id uuid,
    since timestamptz,
    entered timestamptz,
    credit_us bigint NOT NULL,
    PRIMARY KEY (person_id, programme, side),
    CHECK (NOT waiting OR (waiting_id IS NOT NULL AND since IS NOT NULL AND entered IS NOT NULL))
);
CREATE INDEX member_waiting ON member (programme, since, waiting_id) WHERE waiting;
COMMENT ON TABLE member IS 'People in programmes: who waits on which list, since when, with how many places';
COMMENT ON COLUMN member.credit_us IS 'Earlier waiting that still counts: a duo that ends does not send anyone to the back of the list';

CREATE TABLE proposal (
    proposal_id uuid PRIMARY KEY,
    programme text NOT NULL,
    partnership text NOT NULL,
    newcomer_id uuid NOT NULL,
    volunteer_id uuid NOT NULL,
    nis text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined', 'expired', 'withdrawn', 'started')),
    manual boolean NOT NULL,
    score bigint NOT NULL,
    distance_m bigint NOT NULL,
    factors text NOT NULL,
    explanation text NOT NULL,
    version bigint NOT NULL,
    proposed timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    decided timestamptz,
    decided_by text NOT NULL,
    reason text NOT NULL,
    withdraw_reason text NOT NULL,
    duo_id uuid
);
CREATE INDEX proposal_programme ON proposal (programme, proposed DESC, proposal_id DESC);
CREATE INDEX proposal_partnership ON proposal (partnership, proposed DESC, proposal_id DESC);
CREATE INDEX proposal_newcomer ON proposal (newcomer_id);
CREATE INDEX proposal_volunteer ON proposal (volunteer_id);
CREATE INDEX proposal_live ON proposal (programme) WHERE state IN ('proposed', 'accepted');
COMMENT ON TABLE proposal IS 'Every proposal ever made, with the score and the words of its moment';
COMMENT ON COLUMN proposal.factors IS 'factor points weight value (- when not known), a line each';

CREATE TABLE duo (
    duo_id uuid PRIMARY KEY,
    proposal_id uuid NOT NULL,
    programme text NOT NULL,
    partnership text NOT NULL,
    newcomer_id uuid NOT NULL,
    volunteer_id uuid NOT NULL,
    nis text NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'silent', 'stopped', 'informal')),
    started timestamptz NOT NULL,
    last_contact timestamptz,
    silent_since timestamptz,
    ended timestamptz,
    reason text NOT NULL,
    hours double precision NOT NULL,
    contacts bigint NOT NULL,
    distance_m bigint NOT NULL
);
CREATE INDEX duo_programme ON duo (programme, started DESC, duo_id DESC);
CREATE INDEX duo_partnership ON duo (partnership, started DESC, duo_id DESC);
CREATE INDEX duo_newcomer ON duo (newcomer_id);
CREATE INDEX duo_volunteer ON duo (volunteer_id);
CREATE INDEX duo_live ON duo (programme) WHERE state IN ('active', 'silent');
COMMENT ON TABLE duo IS 'Every duo, running or ended, with what was logged of it';

CREATE TABLE contact (
    contact_id uuid PRIMARY KEY,
    duo_id uuid NOT NULL,
    kind text NOT NULL,
    hours double precision NOT NULL,
    on_date text NOT NULL
);
CREATE INDEX contact_duo ON contact (duo_id);
COMMENT ON TABLE contact IS 'Contacts logged for duos';

CREATE TABLE help_request (
    request_id uuid PRIMARY KEY,
    programme text NOT NULL,
    partnership text NOT NULL,
    person_id uuid NOT NULL,
    topic text NOT NULL,
    nis text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'assigned', 'fulfilled', 'dropped')),
    buddy_id uuid,
    opened timestamptz NOT NULL,
    assigned timestamptz,
    ended timestamptz,
    hours double precision NOT NULL,
    drop_reason text NOT NULL,
    CHECK (state <> 'assigned' OR buddy_id IS NOT NULL)
);
CREATE INDEX help_request_programme ON help_request (programme, opened DESC, request_id DESC);
CREATE INDEX help_request_partnership ON help_request (partnership, opened DESC, request_id DESC);
CREATE INDEX help_request_person ON help_request (person_id);
CREATE INDEX help_request_buddy ON help_request (buddy_id);
COMMENT ON TABLE help_request IS 'Requests for help with one thing, of support-buddy programmes';

CREATE TABLE exclusion (
    newcomer_id uuid NOT NULL,
    volunteer_id uuid NOT NULL,
    declined boolean NOT NULL,
    ended boolean NOT NULL,
    rests_until timestamptz,
    PRIMARY KEY (newcomer_id, volunteer_id)
);
COMMENT ON TABLE exclusion IS 'Pairs that are not proposed again: declined, an earlier duo, or resting after an expired proposal';
