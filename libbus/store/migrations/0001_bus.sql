-- The bus's own tables; they live in the service's schema and belong to its role.
-- A table whose comment starts with "volatile" or "private", and a column whose comment starts with
-- "volatile", do not count for the state hash.

CREATE TABLE migration (
    module  text COLLATE "C" NOT NULL,
    number  integer NOT NULL,
    name    text COLLATE "C" NOT NULL,
    sha256  text COLLATE "C" NOT NULL,
    applied timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (module, number)
);
COMMENT ON TABLE migration IS 'volatile: which migrations were applied, and what they looked like then';

CREATE TABLE stream_head (
    stream        text COLLATE "C" PRIMARY KEY,
    epoch         bigint NOT NULL DEFAULT 1,
    last_seq      bigint NOT NULL DEFAULT 0,
    first_seq     bigint NOT NULL DEFAULT 1,
    turn          bigint NOT NULL DEFAULT 0,
    lease_epoch   bigint NOT NULL DEFAULT 0,
    lease_until   timestamptz,
    owner         uuid,
    owner_pid     integer,
    owner_started timestamptz,
    clean         boolean NOT NULL DEFAULT true
) WITH (fillfactor = 10);
CREATE UNIQUE INDEX stream_head_single ON stream_head ((true));
COMMENT ON TABLE stream_head IS 'One row: the fence. Who may write, and how far the log goes';
COMMENT ON COLUMN stream_head.first_seq IS 'volatile: the oldest event still kept';
COMMENT ON COLUMN stream_head.turn IS 'volatile: counts commits';
COMMENT ON COLUMN stream_head.lease_epoch IS 'volatile: counts owners';
COMMENT ON COLUMN stream_head.lease_until IS 'volatile: a silent owner loses the lease then';
COMMENT ON COLUMN stream_head.owner IS 'volatile: instance id of the owning process';
COMMENT ON COLUMN stream_head.owner_pid IS 'volatile: its database session';
COMMENT ON COLUMN stream_head.owner_started IS 'volatile: start of that session; with the pid it is unique';
COMMENT ON COLUMN stream_head.clean IS 'volatile: the last owner said goodbye';

CREATE TABLE event_log (
    seq      bigint PRIMARY KEY,
    time     timestamptz NOT NULL,
    recorded timestamptz NOT NULL DEFAULT now(),
    event_id text COLLATE "C" NOT NULL,
    header   bytea NOT NULL,
    data     bytea NOT NULL
) PARTITION BY RANGE (seq);
COMMENT ON TABLE event_log IS 'The stream: dense, gapless, in commit order; old partitions are dropped whole';
COMMENT ON COLUMN event_log.recorded IS 'volatile: when the row was written';

CREATE TABLE position (
    stream   text COLLATE "C" PRIMARY KEY,
    epoch    bigint NOT NULL CHECK (epoch > 0),
    seq      bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL
) WITH (fillfactor = 10);
COMMENT ON TABLE position IS 'How far each followed stream was read';

CREATE TABLE clock (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    mode      integer NOT NULL,
    now_us    bigint NOT NULL,
    offset_us bigint NOT NULL
) WITH (fillfactor = 10);
COMMENT ON TABLE clock IS 'volatile: how time runs here';

CREATE TABLE attempt (
    source text COLLATE "C" NOT NULL,
    seq    bigint NOT NULL,
    n      integer NOT NULL,
    PRIMARY KEY (source, seq)
);
COMMENT ON TABLE attempt IS 'volatile: how often a message was tried on its own; survives a crash of the process';

CREATE TABLE dead_letter (
    source      text COLLATE "C" NOT NULL,
    seq         bigint NOT NULL,
    event_id    text COLLATE "C" NOT NULL,
    subject     text COLLATE "C",
    type        text COLLATE "C" NOT NULL,
    header      bytea NOT NULL,
    data        bytea NOT NULL,
    state       text COLLATE "C" NOT NULL CHECK (state IN ('parked', 'behind', 'retrying', 'dropped')),
    error       text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    attempts    integer NOT NULL,
    next        timestamptz,
    first       timestamptz,
    last        timestamptz,
    note        text COLLATE "C",
    PRIMARY KEY (source, seq, event_id)
);
CREATE INDEX dead_letter_subject ON dead_letter (source, subject) WHERE state <> 'dropped';
COMMENT ON TABLE dead_letter IS 'Messages that could not be handled, and those of the same subject behind them';
COMMENT ON COLUMN dead_letter.attempts IS 'volatile: how often it was tried';
COMMENT ON COLUMN dead_letter.next IS 'volatile: when it is tried again';
COMMENT ON COLUMN dead_letter.first IS 'volatile: when it first failed';
COMMENT ON COLUMN dead_letter.last IS 'volatile: when it last failed';

CREATE TABLE timer (
    name          text COLLATE "C" NOT NULL,
    key           text COLLATE "C" NOT NULL,
    due           timestamptz NOT NULL,
    correlationid text COLLATE "C",
    PRIMARY KEY (name, key)
);
CREATE INDEX timer_due ON timer (due, name, key);
COMMENT ON TABLE timer IS 'What comes due, and when';

CREATE TABLE effect (
    name    text COLLATE "C" NOT NULL,
    key     text COLLATE "C" NOT NULL,
    payload bytea NOT NULL,
    header  bytea NOT NULL,
    PRIMARY KEY (name, key)
);
COMMENT ON TABLE effect IS 'Effects on the world outside that were asked for and have no outcome yet';

CREATE TABLE request_done (
    key    text COLLATE "C" PRIMARY KEY,
    digest bytea NOT NULL,
    reply  bytea NOT NULL,
    time   timestamptz NOT NULL
);
CREATE INDEX request_done_time ON request_done (time);
COMMENT ON TABLE request_done IS 'volatile: answered requests by caller and idempotency key';

-- Makes sure that there are partitions of the log for everything up to `upto`; returns the last seq with room.
-- Attached rather than created in place: that does not shut out readers.
CREATE FUNCTION bus_log_room(upto bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    size CONSTANT bigint := 1000000;
    k bigint := upto / size;
BEGIN
    WHILE k >= 0 AND to_regclass(format('event_log_%s', k)) IS NULL AND k * size + size > (SELECT first_seq FROM stream_head) LOOP
        EXECUTE format('CREATE TABLE event_log_%s (LIKE event_log INCLUDING ALL)', k);
        EXECUTE format('ALTER TABLE event_log ATTACH PARTITION event_log_%s FOR VALUES FROM (%s) TO (%s)',
                       k, k * size, (k + 1) * size);
        k := k - 1;
    END LOOP;
    RETURN (upto / size + 1) * size - 1;
END $$;

-- Takes the lease for `me`, or says that it may not (`taken` false). `again`: the owner itself after losing its
-- connection; it may only go on if nobody took over meanwhile. A session that loses the lease is ended, so that it
-- holds no locks; a commit it still had under way is over, one way or the other, when this returns.
CREATE FUNCTION bus_lease_take(me uuid, lease_ms bigint, again boolean,
    OUT taken boolean, OUT epoch bigint, OUT last_seq bigint, OUT first_seq bigint, OUT turn bigint,
    OUT lease_epoch bigint, OUT unclean boolean) LANGUAGE plpgsql AS $$
DECLARE
    head stream_head;
    started CONSTANT timestamptz := (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid());
    alive boolean;
BEGIN
    -- Before the row is locked: a session of ours that hangs in its commit would keep us waiting.
    PERFORM pg_terminate_backend(a.pid) FROM stream_head h
        JOIN pg_stat_activity a ON a.pid = h.owner_pid AND a.backend_start = h.owner_started
        WHERE h.owner = me AND a.pid <> pg_backend_pid();
    SELECT * INTO STRICT head FROM stream_head FOR UPDATE;
    alive := EXISTS (SELECT FROM pg_stat_activity
                     WHERE pid = head.owner_pid AND backend_start = head.owner_started);
    IF again THEN
        taken := coalesce(head.owner = me, false);
    ELSE
        taken := head.owner IS NULL OR head.owner = me OR NOT alive OR head.lease_until < clock_timestamp();
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

-- The fence, at the end of every turn: moves the head and the read positions, and fails the transaction when
-- another process has moved them since.
CREATE FUNCTION bus_advance(old_turn bigint, my_lease bigint, new_seq bigint, lease_ms bigint, streams text[],
    old_epochs bigint[], old_seqs bigint[], epochs bigint[], seqs bigint[], ids text[])
    RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    hit bigint;
    added bigint := 0;
BEGIN
    UPDATE stream_head SET last_seq = new_seq, turn = old_turn + 1,
            lease_until = clock_timestamp() + lease_ms * interval '1 ms'
        WHERE turn = old_turn AND lease_epoch = my_lease;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another process has taken over this stream' USING ERRCODE = 'BF001';
    END IF;
    IF cardinality(streams) = 0 THEN
        RETURN;
    END IF;
    UPDATE position AS p SET epoch = n.epoch, seq = n.seq, event_id = n.event_id
        FROM unnest(streams, old_epochs, old_seqs, epochs, seqs, ids)
            AS n(stream, old_epoch, old_seq, epoch, seq, event_id)
        WHERE p.stream = n.stream AND p.epoch = n.old_epoch AND p.seq = n.old_seq;
    GET DIAGNOSTICS hit = ROW_COUNT;
    IF 0 = ANY (old_epochs) THEN
        INSERT INTO position (stream, epoch, seq, event_id)
            SELECT n.stream, n.epoch, n.seq, n.event_id
            FROM unnest(streams, old_epochs, epochs, seqs, ids) AS n(stream, old_epoch, epoch, seq, event_id)
            WHERE n.old_epoch = 0;
        GET DIAGNOSTICS added = ROW_COUNT;
    END IF;
    IF hit + added <> cardinality(streams) THEN
        RAISE EXCEPTION 'another process has moved a read position' USING ERRCODE = 'BF002';
    END IF;
END $$;

-- A hash of a table's rows as text, whatever their order on disk.
CREATE FUNCTION bus_table_hash(subject regclass) RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    hash text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname COLLATE "C") INTO columns
        FROM pg_attribute
        WHERE attrelid = subject AND attnum > 0 AND NOT attisdropped
            AND coalesce(col_description(subject, attnum), '') NOT LIKE 'volatile%';
    EXECUTE format('SELECT encode(sha256(coalesce(string_agg(h, ''''::bytea ORDER BY h), '''')), ''hex'')
        FROM (SELECT sha256(convert_to(r::text, ''UTF8'')) AS h FROM (SELECT %s FROM %s) AS r) AS hashes',
        columns, subject) INTO hash;
    RETURN hash;
END $$;
