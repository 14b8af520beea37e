-- The lease, as before, but a session of ours that waits for a synchronous standby is not ended: it would stand at once, for all to
-- see, and not be on the standby. Who wants the lease waits for its row, like anybody.
CREATE OR REPLACE FUNCTION bus_lease_take(me uuid, lease_ms bigint, again boolean,
    OUT taken boolean, OUT epoch bigint, OUT last_seq bigint, OUT first_seq bigint, OUT turn bigint,
    OUT lease_epoch bigint, OUT unclean boolean) LANGUAGE plpgsql AS $$
DECLARE
    head stream_head;
    started CONSTANT timestamptz := (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid());
    alive boolean;
    busy boolean;
BEGIN
    -- Before the row is locked: a session of ours that hangs in its commit would keep us waiting.
    PERFORM pg_terminate_backend(a.pid) FROM stream_head h
        JOIN pg_stat_activity a ON a.pid = h.owner_pid AND a.backend_start = h.owner_started
        WHERE h.owner = me AND a.pid <> pg_backend_pid() AND a.wait_event IS DISTINCT FROM 'SyncRep';
    SELECT * INTO STRICT head FROM stream_head FOR UPDATE;
    SELECT count(*) > 0, coalesce(bool_or(a.xact_start IS NOT NULL AND (a.wait_event_type IS DISTINCT FROM 'Client'
            OR a.state_change > clock_timestamp() - lease_ms * interval '1 ms')), false)
        INTO alive, busy
        FROM pg_stat_activity AS a WHERE a.pid = head.owner_pid AND a.backend_start = head.owner_started;
    IF again THEN
        taken := coalesce(head.owner = me, false);
    ELSE
        taken := head.owner IS NULL OR head.owner = me OR NOT alive
            OR (head.lease_until < clock_timestamp() AND NOT busy);
    END IF;
    IF taken THEN
        IF alive AND head.owner_pid <> pg_backend_pid() THEN
            PERFORM pg_terminate_backend(head.owner_pid);
        END IF;
        UPDATE stream_head AS h
            SET lease_epoch = h.lease_epoch + 1, owner = me, owner_pid = pg_backend_pid(), owner_started = started,
                lease_until = clock_timestamp() + lease_ms * interval '1 ms', clean = false;
    END IF;
    epoch := head.epoch;
    last_seq := head.last_seq;
    first_seq := head.first_seq;
    turn := head.turn;
    lease_epoch := head.lease_epoch + 1;
    unclean := NOT head.clean;
END $$;
