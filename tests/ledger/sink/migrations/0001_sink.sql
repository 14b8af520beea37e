-- No unique keys: what must not happen twice is counted, not prevented.
CREATE TABLE ledger (
    place   bigint NOT NULL,
    stream  text NOT NULL,
    seq     bigint NOT NULL,
    subject text NOT NULL,
    number  bigint,
    cause   bigint,
    key     text
);
COMMENT ON TABLE ledger IS 'Everything heard, in the order it was handled';
CREATE TABLE poison (
    subject text PRIMARY KEY,
    how     bigint NOT NULL
);
COMMENT ON TABLE poison IS 'Subjects whose numbers cannot be handled';
