/* Answers of the database about a series, kept until something of that series changes: most of what happens
 * only reads it. Forgotten too when there are many, so that memory does not grow with the number of series
 * there ever were. */
#ifndef SCHEDULING_KEPT_H
#define SCHEDULING_KEPT_H

#include "bus/map.h"
#include "bus/service.h"

#define KEPT_MAX 4096

struct kept {
    struct bus_map answers;
};

/* The rows of a query whose first parameter is the series, the others NULL. Borrowed until the next call. */
BUS_CHECKED enum bus_status kept_query(struct kept *self, struct bus_context *ctx, const struct bus_sql *sql,
                                       struct bus_id series_id, const struct bus_rows **ret_rows);
void kept_forget(struct kept *self, struct bus_id series_id);
void kept_done(struct kept *self);

#endif
