/* Timers are rows. */
#include "sql/bus.h"
#include "store/session.h"

enum bus_status store_timer_put(struct store *self, const struct store_timer *timer, struct bus_error *err)
{
    return bus_exec(self->db, err, &bus_timer_put, BUS_TEXT(timer->name), BUS_TEXT(timer->key),
                    BUS_TIME(timer->due_us), BUS_TEXT(timer->correlationid));
}

enum bus_status store_timers_due(struct store *self, int64_t now_us, int max, struct bus_arena *arena,
                                 struct store_timer **ret, size_t *ret_n, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TIME(now_us), BUS_INT(max)};
    enum bus_status status = store_query(self, &bus_timers_due, values, 2, &rows, err);
    if (status != BUS_OK)
        return status;
    struct store_timer *timers = bus_alloc_array(arena, (size_t)rows.n, sizeof(*timers));
    for (int i = 0; i < rows.n; i++)
        timers[i] = (struct store_timer){.name = bus_row_text(&rows, i, 0, arena),
                                         .key = bus_row_text(&rows, i, 1, arena),
                                         .due_us = bus_row_time(&rows, i, 2),
                                         .correlationid = bus_row_text(&rows, i, 3, arena)};
    *ret = timers;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status store_timer_get(struct store *self, const char *name, const char *key, int64_t *ret_due_us,
                                struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct bus_value values[] = {BUS_TEXT(name), BUS_TEXT(key)};
    enum bus_status status = store_query(self, &bus_timer_get, values, 2, &rows, err);
    if (status == BUS_OK)
        *ret_due_us = rows.n == 1 ? bus_row_time(&rows, 0, 0) : 0;
    return status;
}

enum bus_status store_timer_next(struct store *self, int64_t *ret_due_us, struct bus_error *err)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = store_query(self, &bus_timer_next, NULL, 0, &rows, err);
    if (status == BUS_OK)
        *ret_due_us = bus_row_null(&rows, 0, 0) ? INT64_MAX : bus_row_time(&rows, 0, 0);
    return status;
}
