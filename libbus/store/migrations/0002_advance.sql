-- The fence, as before, with a look-up by key for each read position: its plan is kept, where a join with arrays of
-- unknown length was planned anew at every turn, which took longer than running it.
CREATE OR REPLACE FUNCTION bus_advance(old_turn bigint, my_lease bigint, new_seq bigint, lease_ms bigint, streams text[],
    old_epochs bigint[], old_seqs bigint[], epochs bigint[], seqs bigint[], ids text[])
    RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE stream_head SET last_seq = new_seq, turn = old_turn + 1,
            lease_until = clock_timestamp() + lease_ms * interval '1 ms'
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
