SELECT bus_log_trim($1::timestamptz)
