/* What is kept in memory of series: answers of the database, until something of that series changes, as most
 * of what happens only reads it; how far its sessions go; and the sessions that are still to be held.
 * Forgotten when there are many, so that memory does not grow with what there ever was. */
#ifndef SCHEDULING_KEPT_H
#define SCHEDULING_KEPT_H

#include "bus/map.h"
#include "bus/service.h"
#include "session.h"

#define KEPT_MAX 4096 /* answers; of sessions twice as many */

/* How far a series is scheduled, and the days that exist beyond. */
struct kept_plan {
    struct bus_map_node node; /* first */
    struct bus_id series_id;
    int32_t scheduled_day;
    int32_t *later;
    size_t later_n, later_room;
};

struct kept {
    struct bus_map answers, plans;
    struct bus_map by_id, by_day; /* sessions */
};

/* The rows of a query whose first parameter is the series, the others NULL. Borrowed until the next call. */
BUS_CHECKED enum bus_status kept_query(struct kept *self, struct bus_context *ctx, const struct bus_sql *sql,
                                       struct bus_id series_id, const struct bus_rows **ret_rows);
/* The answers about a series, and its plan. */
void kept_forget(struct kept *self, struct bus_id series_id);

/* NULL: not kept. Borrowed until it is forgotten. */
struct kept_plan *kept_plan_find(const struct kept *self, struct bus_id series_id);
struct kept_plan *kept_plan_add(struct kept *self, struct bus_id series_id, int32_t scheduled_day,
                                const int32_t *later, size_t later_n);
/* A session came into being; it is scheduled up to a day. Nothing when the plan is not kept. */
void kept_plan_session(struct kept *self, struct bus_id series_id, int32_t day);
void kept_plan_scheduled(struct kept *self, struct bus_id series_id, int32_t day);

/* Sessions that are to be held. NULL: not kept. */
void kept_session_add(struct kept *self, const struct session *session);
const struct session *kept_session(const struct kept *self, struct bus_id session_id);
const struct session *kept_session_on(const struct kept *self, struct bus_id series_id, int32_t day);
void kept_session_over(struct kept *self, struct bus_id session_id);

void kept_done(struct kept *self);

#endif
