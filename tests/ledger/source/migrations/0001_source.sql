CREATE TABLE emitted (
    mark  text PRIMARY KEY,
    first bigint NOT NULL,
    n     bigint NOT NULL
);
COMMENT ON TABLE emitted IS 'Which numbers each command said';
