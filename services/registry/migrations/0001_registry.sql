-- What registry keeps. Tables whose comment starts with "private" hold personal data; nothing outside them does.

CREATE TABLE municipality (
    nis         text COLLATE "C" PRIMARY KEY CHECK (nis ~ '^[0-9]{5}$'),
    name        text COLLATE "C" NOT NULL,
    valid_until date
);
COMMENT ON TABLE municipality IS 'NIS codes as of 2019, with the last day of those that ended; loaded by a migration';

CREATE TABLE place (
    postcode text COLLATE "C" PRIMARY KEY CHECK (postcode ~ '^[0-9]{4}$'),
    place    text COLLATE "C" NOT NULL,
    nis      text COLLATE "C" NOT NULL REFERENCES municipality,
    lat_e4   integer NOT NULL,
    lon_e4   integer NOT NULL
);
COMMENT ON TABLE place IS 'Postcodes, the municipality each lies in, and its middle; loaded by a migration';

CREATE TABLE partnership (
    partnership text COLLATE "C" PRIMARY KEY,
    name        text COLLATE "C" NOT NULL,
    since       date NOT NULL,
    lead_nis    text COLLATE "C" NOT NULL
);
COMMENT ON TABLE partnership IS 'Municipalities that run programmes together';

CREATE TABLE member (
    nis         text COLLATE "C" PRIMARY KEY,
    partnership text COLLATE "C" NOT NULL,
    since       date NOT NULL
);
CREATE INDEX member_partnership ON member (partnership);
COMMENT ON TABLE member IS 'Which partnership serves a municipality: one at most';

CREATE TABLE programme (
    programme              text COLLATE "C" PRIMARY KEY,
    partnership            text COLLATE "C" NOT NULL,
    kind                   text COLLATE "C" NOT NULL,
    name                   text COLLATE "C" NOT NULL,
    action                 integer CHECK (action BETWEEN 1 AND 24),
    version                integer NOT NULL CHECK (version > 0),
    configured             timestamptz NOT NULL,
    max_distance_km        double precision NOT NULL,
    min_shared_slots       integer NOT NULL,
    same_language_required boolean NOT NULL,
    silence_after_days     integer NOT NULL,
    proposal_valid_days    integer NOT NULL,
    match_every_hours      integer NOT NULL,
    weights                bigint[] NOT NULL CHECK (cardinality(weights) = 6)
);
CREATE INDEX programme_partnership ON programme (partnership);
COMMENT ON TABLE programme IS 'Programmes as configured now; earlier versions stand in the stream';
COMMENT ON COLUMN programme.weights IS 'distance, age, family, interests, language, waiting';

CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    partnership     text COLLATE "C" NOT NULL,
    name            text COLLATE "C" NOT NULL,
    kind            text COLLATE "C" NOT NULL,
    kbo             text COLLATE "C",
    postcode        text COLLATE "C",
    nis             text COLLATE "C"
);
CREATE UNIQUE INDEX organisation_kbo ON organisation (partnership, kbo);
CREATE INDEX organisation_name ON organisation (name, organisation_id);
COMMENT ON TABLE organisation IS 'Partners, hosts and schools of a partnership';

CREATE TABLE person (
    person_id          uuid PRIMARY KEY,
    partnership        text COLLATE "C" NOT NULL,
    state              text COLLATE "C" NOT NULL CHECK (state IN ('known', 'merged', 'erased')),
    merged_into        uuid,
    postcode           text COLLATE "C",
    nis                text COLLATE "C",
    preferred_language text COLLATE "C" NOT NULL,
    channel            text COLLATE "C" NOT NULL,
    found_through      text COLLATE "C",
    partner_status     text COLLATE "C",
    birth_year         integer,
    gender             text COLLATE "C",
    dutch_level        text COLLATE "C",
    prefers_gender     text COLLATE "C",
    languages          text[] NOT NULL,
    interests          text[] NOT NULL,
    availability       text[] NOT NULL,
    child_birth_years  bigint[] NOT NULL,
    registered         timestamptz NOT NULL,
    CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
    CHECK ((state = 'known') = (postcode IS NOT NULL AND nis IS NOT NULL))
);
CREATE INDEX person_partnership ON person (partnership, person_id);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON TABLE person IS 'The coarse side of people: what others may know';

CREATE TABLE person_private (
    person_id  uuid PRIMARY KEY,
    first_name text COLLATE "C",
    last_name  text COLLATE "C",
    email      text COLLATE "C",
    phone      text COLLATE "C",
    street     text COLLATE "C",
    insz_hash  bytea,
    first_key  text COLLATE "C" NOT NULL,
    last_key   text COLLATE "C" NOT NULL,
    name_key   text COLLATE "C",
    email_key  text COLLATE "C"
);
CREATE INDEX person_private_insz ON person_private (insz_hash) WHERE insz_hash IS NOT NULL;
CREATE INDEX person_private_name ON person_private (name_key) WHERE name_key IS NOT NULL;
CREATE INDEX person_private_email ON person_private (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX person_private_phone ON person_private (phone) WHERE phone IS NOT NULL;
COMMENT ON TABLE person_private IS 'private: names and addresses; the national number only as a keyed hash';

CREATE TABLE deposit (
    deposit_id uuid PRIMARY KEY,
    person_id  uuid NOT NULL,
    channel    text COLLATE "C" NOT NULL,
    first_name text COLLATE "C",
    last_name  text COLLATE "C",
    email      text COLLATE "C",
    phone      text COLLATE "C",
    street     text COLLATE "C",
    insz_hash  bytea,
    first_key  text COLLATE "C" NOT NULL,
    last_key   text COLLATE "C" NOT NULL,
    name_key   text COLLATE "C",
    email_key  text COLLATE "C"
);
CREATE INDEX deposit_person ON deposit (person_id);
CREATE INDEX deposit_insz ON deposit (insz_hash) WHERE insz_hash IS NOT NULL;
CREATE INDEX deposit_name ON deposit (name_key) WHERE name_key IS NOT NULL;
COMMENT ON TABLE deposit IS 'private: personal data of an adapter''s event that is still on its way; kept a day at most';

CREATE TABLE volunteer (
    person_id   uuid PRIMARY KEY,
    state       text COLLATE "C" NOT NULL CHECK (state IN ('recruited', 'available', 'resting', 'stopped')),
    capacity    integer NOT NULL CHECK (capacity BETWEEN 1 AND 10),
    rest_until  date CHECK (rest_until IS NULL OR state = 'resting'),
    informed_on date
);
COMMENT ON TABLE volunteer IS 'Where each volunteer stands';

CREATE TABLE intake (
    intake_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    programme text COLLATE "C" NOT NULL,
    side      text COLLATE "C" NOT NULL CHECK (side IN ('newcomer', 'volunteer')),
    at        timestamptz NOT NULL
);
CREATE INDEX intake_person ON intake (person_id, at);
CREATE INDEX intake_programme ON intake (programme, person_id);
COMMENT ON TABLE intake IS 'Who joined which programme, on which side';

CREATE TABLE consent (
    person_id uuid NOT NULL,
    purpose   text COLLATE "C" NOT NULL,
    given     boolean NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (person_id, purpose)
);
COMMENT ON TABLE consent IS 'The last word of each person on each use of their data';

CREATE TABLE referral (
    referral_id  uuid PRIMARY KEY,
    person_id    uuid NOT NULL,
    partner_type text COLLATE "C" NOT NULL,
    reason       text COLLATE "C" NOT NULL,
    at           timestamptz NOT NULL
);
CREATE INDEX referral_person ON referral (person_id, at);
COMMENT ON TABLE referral IS 'Referrals of partners, and whom each was about';

CREATE TABLE partner_link (
    source          text COLLATE "C" NOT NULL,
    external_person text COLLATE "C" NOT NULL,
    person_id       uuid NOT NULL,
    PRIMARY KEY (source, external_person)
);
CREATE INDEX partner_link_person ON partner_link (person_id);
COMMENT ON TABLE partner_link IS 'A sender''s own reference to a person we know';

-- Who may be the same as each line of the arrays, at most 20 for each, and why: 8 national number, 4 e-mail, 2 phone,
-- 1 name. A name counts with the same year of birth, or, where either year is not known, the same postcode.
-- Planned once and by index, whatever the statistics say: it runs for every registration, also while the table is new.
CREATE FUNCTION people_alike(hashes text[], emails text[], phones text[], names text[], years bigint[],
    postcodes text[]) RETURNS TABLE (n bigint, person_id uuid, grounds bigint)
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off AS $$
DECLARE
    i integer;
BEGIN
    FOR i IN 1 .. cardinality(postcodes) LOOP
        RETURN QUERY
            SELECT i::bigint, f.person_id, sum(f.ground)::bigint
            FROM (
                SELECT q.person_id, 8 AS ground FROM person_private AS q WHERE q.insz_hash = decode(hashes[i], 'hex')
                UNION ALL
                SELECT q.person_id, 4 FROM person_private AS q WHERE q.email_key = emails[i]
                UNION ALL
                SELECT q.person_id, 2 FROM person_private AS q WHERE q.phone = phones[i]
                UNION ALL
                SELECT q.person_id, 1 FROM person_private AS q JOIN person AS p ON p.person_id = q.person_id
                WHERE q.name_key = names[i]
                    AND CASE WHEN years[i] <> 0 AND p.birth_year IS NOT NULL THEN years[i] = p.birth_year
                             ELSE postcodes[i] = p.postcode END
            ) AS f
            GROUP BY f.person_id
            ORDER BY 3 DESC, 2
            LIMIT 20;
    END LOOP;
END $$;
