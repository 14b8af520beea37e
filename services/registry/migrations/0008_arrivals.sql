-- Newest first, within a partnership: a page of those who await an intake begins where they are.
CREATE INDEX person_registered ON person (partnership, registered DESC, person_id DESC) WHERE state = 'known';
