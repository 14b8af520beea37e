-- The log in runs: a row holds the events `seq` - `n` + 1 to `seq`, as msgpack pairs [header, data] one after the other.
-- What was said before is runs of one.
ALTER TABLE event_log ALTER COLUMN data TYPE bytea USING '\x92'::bytea || header || data;
ALTER TABLE event_log RENAME COLUMN data TO events;
ALTER TABLE event_log DROP COLUMN event_id, DROP COLUMN header, DROP COLUMN time,
    ADD COLUMN n integer NOT NULL DEFAULT 1 CHECK (n > 0),
    ALTER COLUMN events SET STORAGE EXTERNAL;
COMMENT ON TABLE event_log IS
    'volatile in how events fall into rows: the events are hashed. The stream: dense, gapless, in commit order; old partitions are dropped whole';

-- What fits into a page stays there.
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN SELECT p.part FROM bus_log_partitions() AS p LOOP
        EXECUTE format('ALTER TABLE %s SET (toast_tuple_target = 8160)', part);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION bus_log_room(upto bigint, size bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    past bigint := coalesce((SELECT max(p.past) FROM bus_log_partitions() AS p), 0);
    name text;
BEGIN
    WHILE past <= upto LOOP
        name := format('event_log_from_%s', past);
        EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING ALL) WITH (toast_tuple_target = 8160)', name);
        EXECUTE format('ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', name, past, past + size);
        past := past + size;
    END LOOP;
    RETURN past - 1;
END $$;

-- As before. A run stands in the partition of its last event, so it goes when all of it may, and `first_seq` may lie
-- within one; how old a partition's last event is, the run tells that holds it.
CREATE OR REPLACE FUNCTION bus_log_trim(before timestamptz) RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
DECLARE
    read bigint := least((SELECT last_seq FROM stream_head), (SELECT min(seq) FROM reader_position));
    oldest record;
BEGIN
    LOOP
        SELECT * INTO oldest FROM bus_log_partitions() ORDER BY first LIMIT 1;
        EXIT WHEN oldest.past > read OR NOT coalesce(
            (SELECT recorded < before FROM event_log WHERE seq >= oldest.past - 1 ORDER BY seq LIMIT 1), false);
        BEGIN
            EXECUTE format('DROP TABLE %s', oldest.part);
        EXCEPTION WHEN lock_not_available THEN
            EXIT;
        END;
        UPDATE stream_head SET first_seq = oldest.past;
    END LOOP;
    RETURN (SELECT first_seq FROM stream_head);
END $$;
