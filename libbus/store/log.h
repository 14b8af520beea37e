/* Reading the log: its runs, cut and joined to what was asked for. Private to this folder. */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include "store/connection.h"
#include "store/store.h"

/* Within a read: the events after `after`, at most max_n and about max_bytes, as one run in the arena; 0 to 0
 * when there are none. */
BUS_CHECKED enum bus_status log_read(struct bus_db *db, int64_t after, int64_t max_n, size_t max_bytes,
                                     struct bus_arena *arena, struct store_run *ret, struct bus_error *err);
/* Of all its events, wherever turns and runs begin and end, as 64 hex digits. */
BUS_CHECKED enum bus_status log_hash(struct bus_db *db, int64_t first_seq, struct bus_arena *arena,
                                     const char **ret_hex, struct bus_error *err);

#endif
