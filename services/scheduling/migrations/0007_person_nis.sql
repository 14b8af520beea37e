-- Where people live, for what they attend. Not known of who has neither come nor moved since this.
ALTER TABLE person ADD nis text;
COMMENT ON TABLE person IS 'Whom registry knows, the partnership that serves them, and where they live; from registry';
