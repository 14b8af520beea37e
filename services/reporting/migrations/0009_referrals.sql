-- What a partner is told of the people it referred, and of nobody else.
CREATE TABLE referral (
    referral_id uuid PRIMARY KEY,
    source text NOT NULL,
    external_person text,
    person_id uuid
);
CREATE INDEX referral_of ON referral (person_id) WHERE person_id IS NOT NULL;
COMMENT ON TABLE referral IS 'Who sent which referral, about whom; of who was erased the sender alone';

CREATE TABLE partner_consent (
    person_id uuid PRIMARY KEY,
    agreed boolean NOT NULL
);
COMMENT ON TABLE partner_consent IS 'Who agreed that the partner who referred them is told, and who took that back';

CREATE TABLE referral_step (
    n bigint PRIMARY KEY,
    told bigint UNIQUE,
    referral_id uuid,
    step text NOT NULL,
    programme text,
    partnership text,
    nis text,
    at timestamptz NOT NULL
);
CREATE INDEX referral_step_of ON referral_step (referral_id);
COMMENT ON TABLE referral_step IS 'What became of referrals, numbered as it happened and as it may be told (none: not); of who was erased the numbers stay';
