-- What went in the letter of another has a state of its own.
ALTER TABLE message DROP CONSTRAINT message_state_check;
UPDATE message SET state = 'merged' WHERE merged_into IS NOT NULL;
ALTER TABLE message
    ADD CONSTRAINT message_state_check CHECK (state IN ('queued', 'sent', 'failed', 'dropped', 'merged')),
    ADD CONSTRAINT message_merged_check CHECK ((state = 'merged') = (merged_into IS NOT NULL));
