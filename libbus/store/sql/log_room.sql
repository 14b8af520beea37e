SELECT bus_log_room($1::bigint, $2::bigint)
