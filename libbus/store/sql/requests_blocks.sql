-- How many blocks the answered requests take.
SELECT pg_relation_size('request_done') / current_setting('block_size')::bigint
