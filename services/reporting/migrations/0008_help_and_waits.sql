-- Who helps somebody does not wait meanwhile, though they stay on matching's list. Of stays and of help that began before
-- this nothing is known: those waits go on to the end of the stay.
CREATE TABLE stay (
    waiting_id uuid PRIMARY KEY,
    partnership text NOT NULL,
    programme text NOT NULL,
    person_id uuid NOT NULL,
    nis text NOT NULL,
    wait_id uuid
);
CREATE INDEX stay_of ON stay (person_id, programme);
COMMENT ON TABLE stay IS 'Volunteers on a list, with the wait that runs; none while they help somebody';

CREATE TABLE helping (
    request_id uuid PRIMARY KEY,
    programme text NOT NULL,
    buddy_id uuid NOT NULL
);
CREATE INDEX helping_of ON helping (buddy_id, programme);
COMMENT ON TABLE helping IS 'Requests for help that a buddy has now';
