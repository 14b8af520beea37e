-- The fence, at the end of every turn: the transaction fails when another process has moved it since. A plain statement,
-- as a function that looks whether a row was found takes longer; so it finds the row whoever's it is, and the client looks whether there
-- was one.
UPDATE stream_head SET
    turn = CASE WHEN turn = $1::bigint AND lease_epoch = $2::bigint THEN turn + 1 ELSE bus_fenced() END,
    last_seq = $3::bigint, lease_until = clock_timestamp() + $4::bigint * interval '1 ms',
    clock_mode = $5::integer, clock_now_us = $6::bigint, clock_offset_us = $7::bigint,
    read_streams = $8::text[], read_epochs = $9::bigint[], read_seqs = $10::bigint[], read_ids = $11::text[]
