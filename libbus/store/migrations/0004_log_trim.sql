-- The log's partitions by what they hold rather than by their names, so that their size is a setting and old ones can go.

CREATE FUNCTION bus_log_partitions(OUT part regclass, OUT first bigint, OUT past bigint) RETURNS SETOF record
    STABLE LANGUAGE sql AS $$
    SELECT c.oid::regclass, bound[1]::bigint, bound[2]::bigint
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid,
        regexp_match(pg_get_expr(c.relpartbound, c.oid), '(\d+)\D+(\d+)') AS bound
    WHERE i.inhparent = 'event_log'::regclass
$$;

-- Makes sure that there are partitions of the log, new ones of `size` events, for everything up to `upto`; returns the
-- last seq with room. Attached rather than created in place: that does not shut out readers.
DROP FUNCTION bus_log_room(bigint);
CREATE FUNCTION bus_log_room(upto bigint, size bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    past bigint := coalesce((SELECT max(p.past) FROM bus_log_partitions() AS p), 0);
    name text;
BEGIN
    WHILE past <= upto LOOP
        name := format('event_log_from_%s', past);
        EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING ALL)', name);
        EXECUTE format('ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', name, past, past + size);
        past := past + size;
    END LOOP;
    RETURN past - 1;
END $$;

-- Drops whole partitions whose events were all written before `before`, the oldest first, and returns the first seq that
-- is kept. The last event that a reader has read always stays: its id proves that both mean the same history. Where a
-- backup or a reader is in the way it is left for the next time.
CREATE FUNCTION bus_log_trim(before timestamptz) RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
DECLARE
    read bigint := least((SELECT last_seq FROM stream_head), (SELECT min(seq) FROM reader_position));
    oldest record;
BEGIN
    LOOP
        SELECT * INTO oldest FROM bus_log_partitions() ORDER BY first LIMIT 1;
        EXIT WHEN oldest.past > read
            OR NOT EXISTS (SELECT FROM event_log WHERE seq = oldest.past - 1 AND recorded < before);
        BEGIN
            EXECUTE format('DROP TABLE %s', oldest.part);
        EXCEPTION WHEN lock_not_available THEN
            EXIT;
        END;
        UPDATE stream_head SET first_seq = oldest.past;
    END LOOP;
    RETURN (SELECT first_seq FROM stream_head);
END $$;
