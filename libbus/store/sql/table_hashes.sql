SELECT c.relname::text, bus_table_hash(c.oid)
FROM pg_class AS c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND coalesce(obj_description(c.oid, 'pg_class'), '') !~ '^(volatile|private)'
ORDER BY c.relname COLLATE "C"
