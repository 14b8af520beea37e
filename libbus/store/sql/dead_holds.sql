-- Whether a message of this stream, or (NULL) of any, is parked whose data holds this value, as msgpack.
SELECT EXISTS (
    SELECT FROM dead_letter
    WHERE ($1::text IS NULL OR source = $1) AND state <> 'dropped' AND position($2::bytea IN data) > 0)
