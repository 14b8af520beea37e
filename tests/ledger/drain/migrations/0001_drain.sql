CREATE TABLE drained (
    seq     bigint NOT NULL,
    number  bigint NOT NULL,
    said_us bigint NOT NULL
);
COMMENT ON TABLE drained IS 'A row for every number heard';
