CREATE TABLE deposit_told (
    deposit_id uuid PRIMARY KEY,
    digest     bytea NOT NULL,
    told       timestamptz NOT NULL
);
CREATE INDEX deposit_told_when ON deposit_told (told);
COMMENT ON TABLE deposit_told IS 'private: a keyed hash of the personal data that came with an adapter''s event, kept a month: tells whether the same event comes again with other personal data';
