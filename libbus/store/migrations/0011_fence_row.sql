-- How far was read stands in the fence's row too: whoever moves it moves the turn, so one row is compared and written.
ALTER TABLE stream_head
    ADD COLUMN read_streams text[] COLLATE "C" NOT NULL DEFAULT '{}',
    ADD COLUMN read_epochs bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN read_seqs bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN read_ids text[] COLLATE "C" NOT NULL DEFAULT '{}';
COMMENT ON TABLE stream_head IS 'One row: the fence. Who may write, how far the log goes, and how far others were read';
UPDATE stream_head SET (read_streams, read_epochs, read_seqs, read_ids) = (
    SELECT coalesce(array_agg(stream ORDER BY stream), '{}'), coalesce(array_agg(epoch ORDER BY stream), '{}'),
        coalesce(array_agg(seq ORDER BY stream), '{}'), coalesce(array_agg(event_id ORDER BY stream), '{}')
    FROM position);
DROP TABLE position;
CREATE VIEW position AS
    SELECT r.stream, r.epoch, r.seq, r.event_id
    FROM stream_head, unnest(read_streams, read_epochs, read_seqs, read_ids) AS r(stream, epoch, seq, event_id);
COMMENT ON VIEW position IS 'How far each followed stream was read';

DROP FUNCTION bus_advance(bigint, bigint, bigint, bigint, text[], bigint[], bigint[], bigint[], bigint[], text[],
    integer, bigint, bigint);
-- In place of the next turn's number, where it is not ours to write.
CREATE FUNCTION bus_fenced() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'another process has taken over this stream' USING ERRCODE = 'BF001';
END $$;
