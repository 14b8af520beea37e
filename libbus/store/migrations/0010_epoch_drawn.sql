-- Two restores within one second, or on two hosts, are not to have the same epoch.
COMMENT ON COLUMN stream_head.epoch IS
    'volatile: the second since 1970 when a backup was last put back, and six digits drawn by lot; 1: never';
