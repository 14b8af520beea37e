-- Without the fence's row nobody is stopped, and the read positions are gone with it: a slip in psql is not to remove it.
CREATE FUNCTION bus_fence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the row of stream_head is the stream''s fence and its read positions, and is never removed'
        USING HINT = 'To begin a service anew, drop its schema; to go back, put a backup back.';
END $$;
CREATE TRIGGER fence_stays BEFORE DELETE OR TRUNCATE ON stream_head EXECUTE FUNCTION bus_fence_stays();
