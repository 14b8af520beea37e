CREATE TABLE told_apart (
    one uuid NOT NULL REFERENCES person,
    other uuid NOT NULL REFERENCES person,
    PRIMARY KEY (one, other),
    CHECK (one < other)
);
CREATE INDEX told_apart_other ON told_apart (other);
COMMENT ON TABLE told_apart IS 'Of whom a coordinator said that they are two people, though they look alike; the smaller id first';
