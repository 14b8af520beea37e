CREATE TABLE referral (
    referral_id uuid PRIMARY KEY,
    digest bytea NOT NULL
);
COMMENT ON TABLE referral IS 'What each referral said, to tell another under its id; those of before this table are not known';
