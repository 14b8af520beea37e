-- The epoch is raised when an older backup is put back: what the rows hold is the same history all the same.
COMMENT ON COLUMN stream_head.epoch IS 'volatile: when a backup was last put back, in seconds since 1970; 1: never';
