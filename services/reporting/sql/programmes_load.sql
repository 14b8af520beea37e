SELECT programme, partnership, coalesce(action, 0)::bigint FROM programme ORDER BY programme
