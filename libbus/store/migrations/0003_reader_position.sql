-- Where the readers of this stream have come, by what they tell: for their lag and for what may be trimmed.
CREATE TABLE reader_position (
    reader text COLLATE "C" PRIMARY KEY,
    seq    bigint NOT NULL,
    at     timestamptz NOT NULL
) WITH (fillfactor = 10);
COMMENT ON TABLE reader_position IS 'volatile: how far each reader of this stream has come, as it told at the time';
