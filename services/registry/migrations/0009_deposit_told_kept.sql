DROP INDEX deposit_told_when;
COMMENT ON TABLE deposit_told IS 'private: a keyed hash of the personal data that came with an adapter''s event, kept as long as the gateway knows the event: tells whether the same event comes again with other personal data';
