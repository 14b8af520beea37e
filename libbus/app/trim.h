/* The log is kept for as long as it is set to be, and for as long as a reader needs it; then its oldest
 * partitions go. */
#ifndef APP_TRIM_H
#define APP_TRIM_H

#include "app/loop.h"

/* In a turn of its own; nothing where everything is kept. *ret_first is the first event kept. */
BUS_CHECKED enum bus_status trim_log(struct loop *loop, int64_t *ret_first, struct bus_error *err);

/* Operations of an operator; see admin.h. */
void admin_log_trim(struct loop *loop, const struct net_request *request);
void admin_reader_forget(struct loop *loop, const struct net_request *request);

#endif
