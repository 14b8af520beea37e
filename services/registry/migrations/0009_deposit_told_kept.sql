-- Whom each hash is of, so that it goes when they are erased; where nobody knows it any more it goes now.
DROP INDEX deposit_told_when;
ALTER TABLE deposit_told ADD person_id uuid;
UPDATE deposit_told AS t SET person_id = d.person_id FROM deposit AS d WHERE d.deposit_id = t.deposit_id;
UPDATE deposit_told SET digest = '' WHERE person_id IS NULL;
CREATE INDEX deposit_told_person ON deposit_told (person_id);
COMMENT ON TABLE deposit_told IS 'private: a keyed hash of the personal data that came with an adapter''s event, kept as long as the gateway knows the event, but empty once the person is erased: tells whether the same event comes again with other personal data';
