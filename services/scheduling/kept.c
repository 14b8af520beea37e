/* See kept.h. */
#include "kept.h"

#include <stdlib.h>

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

static struct answer *keep(struct kept *self, const struct bus_sql *sql, struct bus_id series_id,
                           struct bus_rows rows)
{
    if (self->answers.n >= KEPT_MAX)
        kept_done(self);
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
}

void kept_done(struct kept *self)
{
    bus_map_done(&self->answers, release);
}
