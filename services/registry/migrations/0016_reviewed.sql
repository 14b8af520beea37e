-- When a coordinator looked at a person and found nothing to do, and when a partner told that they are away: what is told
-- after the look is news again.
ALTER TABLE person ADD COLUMN reviewed timestamptz, ADD COLUMN told_away timestamptz;
CREATE INDEX person_told_away ON person (partnership, told_away DESC, person_id DESC) WHERE told_away IS NOT NULL;
