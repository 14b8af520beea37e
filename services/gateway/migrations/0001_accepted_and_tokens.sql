CREATE TABLE accepted (
    source text NOT NULL,
    id text NOT NULL,
    digest bytea NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (source, id)
);
COMMENT ON TABLE accepted IS 'Every event taken in from outside, for ever: tells a repetition from a new event';

CREATE TABLE token (
    token_id uuid PRIMARY KEY,
    name text NOT NULL,
    hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    nis text[] NOT NULL,
    partnerships text[] NOT NULL,
    created timestamptz NOT NULL,
    expires date,
    revoked timestamptz
);
CREATE INDEX token_newest ON token (created DESC, token_id DESC);
COMMENT ON TABLE token IS 'private: who may do what; the secret itself is kept nowhere';
