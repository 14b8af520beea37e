CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    partnership text NOT NULL
);
COMMENT ON TABLE person IS 'Whom registry knows, and the partnership that serves them; from registry';
