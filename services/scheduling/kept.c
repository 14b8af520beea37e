/* See kept.h. */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

struct answer {
    struct bus_map_node node; /* first */
    struct bus_id series_id;
    const struct bus_sql *sql;
    struct bus_rows rows;
};

static uint64_t hash_of(struct bus_id id)
{
    return bus_map_hash(id.bytes, sizeof id.bytes);
}

static void release(struct bus_map_node *node)
{
    struct answer *answer = (struct answer *)node;
    bus_rows_done(&answer->rows);
    free(answer);
}

/* The next about this series, from `node` on. */
static struct answer *about(struct bus_map_node *node, struct bus_id series_id)
{
    while (node != NULL && !bus_id_equal(((struct answer *)node)->series_id, series_id))
        node = bus_map_after(node);
    return (struct answer *)node;
}

static struct answer *find(const struct kept *self, const struct bus_sql *sql, struct bus_id series_id)
{
    struct answer *answer = about(bus_map_first(&self->answers, hash_of(series_id)), series_id);
    while (answer != NULL && answer->sql != sql)
        answer = about(bus_map_after(&answer->node), series_id);
    return answer;
}

static void release_plan(struct bus_map_node *node)
{
    free(((struct kept_plan *)node)->later);
    free(node);
}

static void forget_answers(struct kept *self)
{
    bus_map_done(&self->answers, release);
    bus_map_done(&self->plans, release_plan);
}

static struct answer *keep(struct kept *self, const struct bus_sql *sql, struct bus_id series_id,
                           struct bus_rows rows)
{
    if (self->answers.n >= KEPT_MAX)
        forget_answers(self);
    struct answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL)
        bus_die("out of memory: what series are is kept in memory");
    *answer = (struct answer){.series_id = series_id, .sql = sql, .rows = rows};
    bus_map_add(&self->answers, &answer->node, hash_of(series_id));
    return answer;
}

enum bus_status kept_query(struct kept *self, struct bus_context *ctx, const struct bus_sql *sql,
                           struct bus_id series_id, const struct bus_rows **ret_rows)
{
    struct answer *answer = find(self, sql, series_id);
    if (answer == NULL) {
        struct bus_rows rows = {0};
        const struct bus_value values[] = {BUS_ID(series_id), BUS_NULL};
        enum bus_status status = bus_db_query(ctx->db, sql, values, (size_t)sql->params, &rows, ctx->err);
        if (status != BUS_OK)
            return status;
        answer = keep(self, sql, series_id, rows);
    }
    *ret_rows = &answer->rows;
    return BUS_OK;
}

void kept_forget(struct kept *self, struct bus_id series_id)
{
    struct answer *answer;
    while ((answer = about(bus_map_first(&self->answers, hash_of(series_id)), series_id)) != NULL) {
        bus_map_remove(&self->answers, &answer->node);
        release(&answer->node);
    }
    struct kept_plan *plan = kept_plan_find(self, series_id);
    if (plan == NULL)
        return;
    bus_map_remove(&self->plans, &plan->node);
    release_plan(&plan->node);
}

/* ---- how far sessions go */

struct kept_plan *kept_plan_find(const struct kept *self, struct bus_id series_id)
{
    struct bus_map_node *node = bus_map_first(&self->plans, hash_of(series_id));
    while (node != NULL && !bus_id_equal(((struct kept_plan *)node)->series_id, series_id))
        node = bus_map_after(node);
    return (struct kept_plan *)node;
}

struct kept_plan *kept_plan_add(struct kept *self, struct bus_id series_id, int32_t scheduled_day,
                                const int32_t *later, size_t later_n)
{
    struct kept_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL)
        bus_die("out of memory: what series are is kept in memory");
    plan->series_id = series_id;
    plan->scheduled_day = scheduled_day;
    bus_map_add(&self->plans, &plan->node, hash_of(series_id));
    for (size_t i = 0; i < later_n; i++)
        kept_plan_session(self, series_id, later[i]);
    return plan;
}

void kept_plan_session(struct kept *self, struct bus_id series_id, int32_t day)
{
    struct kept_plan *plan = kept_plan_find(self, series_id);
    if (plan == NULL || day <= plan->scheduled_day)
        return;
    if (plan->later_n == plan->later_room) {
        plan->later_room = plan->later_room > 0 ? 2 * plan->later_room : 8;
        plan->later = realloc(plan->later, plan->later_room * sizeof *plan->later);
        if (plan->later == NULL)
            bus_die("out of memory: what series are is kept in memory");
    }
    plan->later[plan->later_n++] = day;
}

void kept_plan_scheduled(struct kept *self, struct bus_id series_id, int32_t day)
{
    struct kept_plan *plan = kept_plan_find(self, series_id);
    if (plan == NULL)
        return;
    size_t left = 0;
    for (size_t i = 0; i < plan->later_n; i++)
        if (plan->later[i] > day)
            plan->later[left++] = plan->later[i];
    plan->later_n = left;
    plan->scheduled_day = day;
}

/* ---- sessions */

struct kept_session {
    struct bus_map_node by_id; /* first */
    struct bus_map_node by_day;
    struct session session;
};
#define OF_DAY(node) ((struct kept_session *)((char *)(node)-offsetof(struct kept_session, by_day)))

static uint64_t hash_of_day(struct bus_id series_id, int32_t day)
{
    uint8_t key[sizeof series_id.bytes + sizeof day];
    memcpy(key, series_id.bytes, sizeof series_id.bytes);
    memcpy(key + sizeof series_id.bytes, &day, sizeof day);
    return bus_map_hash(key, sizeof key);
}

static void release_session(struct bus_map_node *node)
{
    free(node);
}

static void leave(struct bus_map_node *node)
{
    (void)node; /* it goes by its id */
}

static void forget_sessions(struct kept *self)
{
    bus_map_done(&self->by_day, leave);
    bus_map_done(&self->by_id, release_session);
}

static struct kept_session *find_session(const struct kept *self, struct bus_id session_id)
{
    struct bus_map_node *node = bus_map_first(&self->by_id, hash_of(session_id));
    while (node != NULL && !bus_id_equal(((struct kept_session *)node)->session.session_id, session_id))
        node = bus_map_after(node);
    return (struct kept_session *)node;
}

void kept_session_add(struct kept *self, const struct session *session)
{
    if (self->by_id.n >= 2 * (size_t)KEPT_MAX)
        forget_sessions(self);
    struct kept_session *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        bus_die("out of memory: the sessions to come are kept in memory");
    kept->session = *session;
    bus_map_add(&self->by_id, &kept->by_id, hash_of(session->session_id));
    bus_map_add(&self->by_day, &kept->by_day, hash_of_day(session->series_id, session->day));
}

const struct session *kept_session(const struct kept *self, struct bus_id session_id)
{
    const struct kept_session *kept = find_session(self, session_id);
    return kept != NULL ? &kept->session : NULL;
}

const struct session *kept_session_on(const struct kept *self, struct bus_id series_id, int32_t day)
{
    struct bus_map_node *node = bus_map_first(&self->by_day, hash_of_day(series_id, day));
    for (; node != NULL; node = bus_map_after(node))
        if (OF_DAY(node)->session.day == day && bus_id_equal(OF_DAY(node)->session.series_id, series_id))
            return &OF_DAY(node)->session;
    return NULL;
}

void kept_session_over(struct kept *self, struct bus_id session_id)
{
    struct kept_session *kept = find_session(self, session_id);
    if (kept == NULL)
        return;
    bus_map_remove(&self->by_id, &kept->by_id);
    bus_map_remove(&self->by_day, &kept->by_day);
    free(kept);
}

void kept_done(struct kept *self)
{
    forget_answers(self);
    forget_sessions(self);
}
