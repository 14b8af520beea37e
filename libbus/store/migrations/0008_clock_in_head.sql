-- The clock stands in the fence row, which every commit writes anyway.
ALTER TABLE stream_head
    ADD COLUMN clock_mode integer NOT NULL DEFAULT 0,
    ADD COLUMN clock_now_us bigint NOT NULL DEFAULT 0,
    ADD COLUMN clock_offset_us bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN stream_head.clock_mode IS 'volatile: how time runs here: 0 by the wall, 1 conducted, 2 by the wall and an offset';
COMMENT ON COLUMN stream_head.clock_now_us IS 'volatile: the time of the last commit';
COMMENT ON COLUMN stream_head.clock_offset_us IS 'volatile: what is added to the wall clock';
UPDATE stream_head SET clock_mode = c.mode, clock_now_us = c.now_us, clock_offset_us = c.offset_us FROM clock AS c;
DROP TABLE clock;

DROP FUNCTION bus_advance(bigint, bigint, bigint, bigint, text[], bigint[], bigint[], bigint[], bigint[], text[]);
CREATE FUNCTION bus_advance(old_turn bigint, my_lease bigint, new_seq bigint, lease_ms bigint, streams text[],
    old_epochs bigint[], old_seqs bigint[], epochs bigint[], seqs bigint[], ids text[],
    mode integer, now_us bigint, offset_us bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE stream_head SET last_seq = new_seq, turn = old_turn + 1,
            lease_until = clock_timestamp() + lease_ms * interval '1 ms',
            clock_mode = mode, clock_now_us = now_us, clock_offset_us = offset_us
        WHERE turn = old_turn AND lease_epoch = my_lease;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another process has taken over this stream' USING ERRCODE = 'BF001';
    END IF;
    FOR i IN 1 .. cardinality(streams) LOOP
        IF old_epochs[i] = 0 THEN
            INSERT INTO position (stream, epoch, seq, event_id) VALUES (streams[i], epochs[i], seqs[i], ids[i]);
        ELSE
            UPDATE position SET epoch = epochs[i], seq = seqs[i], event_id = ids[i]
                WHERE stream = streams[i] AND epoch = old_epochs[i] AND seq = old_seqs[i];
            IF NOT FOUND THEN
                RAISE EXCEPTION 'another process has moved a read position' USING ERRCODE = 'BF002';
            END IF;
        END IF;
    END LOOP;
END $$;
