-- To be run once a dump was put back, before the services start: from here on every stream is another history than the one
-- that went on after the dump, and who had read that one is told so. The millisecond of now, with three digits drawn by
-- lot behind it: a count would start anew from the dump, and the clock may be the same on two hosts. To put a dump back takes
-- longer than a millisecond, so of two in a row the later has the higher epoch. A service that runs all the same loses its
-- lease and stops, as it would go on in the old history.
DO $$
DECLARE
    head regclass;
BEGIN
    FOR head IN SELECT oid FROM pg_class WHERE relname = 'stream_head' AND relkind = 'r' LOOP
        EXECUTE format('UPDATE %s SET epoch = greatest(epoch, floor(extract(epoch FROM now()) * 1000)::bigint * 1000) '
                       '+ 1 + floor(random() * 1000)::bigint, lease_epoch = lease_epoch + 1', head);
    END LOOP;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this database has no stream: put the dump back first';
    END IF;
END $$;
