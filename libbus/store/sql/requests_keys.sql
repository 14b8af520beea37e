-- The keys that were answered, of $2 blocks of the table from block $1 on: as they lie, which is read in one go,
-- where the order of the keys leads to another block for each.
SELECT key FROM request_done
WHERE ctid >= ('(' || $1::bigint || ',0)')::tid AND ctid < ('(' || $1::bigint + $2::bigint || ',0)')::tid
