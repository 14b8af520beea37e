ALTER TABLE token ADD COLUMN sources text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN token.sources IS 'What may stand as source in its events; none: the one that its name makes';
