/* The SELECTs of libbus/store/sql and tests/ledger, in C. */
#include <stdlib.h>
#include <string.h>

#include "sim_store.h"
#include "sql/bus.h"
#include "sql/sink.h"
#include "sql/source.h"

typedef void read_fn(const struct tables *self, const struct bus_value *v, struct rows *ret);

static void all_of(const struct tables *self, enum table table, struct rows *ret)
{
    for (size_t i = 0; i < self->of[table].n; i++)
        rows_add(ret, self->of[table].at[i]);
}

static void one(struct rows *ret, const struct bus_value *values, size_t n)
{
    rows_add(ret, row_new(values, n));
}

static void read_positions(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    all_of(self, TABLE_POSITION, ret);
}

static void read_reader_positions(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    all_of(self, TABLE_READER, ret);
}

static void read_lease_ours(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    if (self->head.lease_epoch == v[0].as.integer)
        one(ret, &BUS_INT(self->head.turn), 1);
}

static void read_clock(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    one(ret, self->head.clock, 3);
}

static void read_attempt_any(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    one(ret, &BUS_BOOL(self->of[TABLE_ATTEMPT].n > 0), 1);
}

static void read_dead_keys(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    for (size_t i = 0; i < self->of[TABLE_DEAD].n; i++)
        if (!dead_is_dropped(self->of[TABLE_DEAD].at[i]))
            rows_add(ret, row_new(self->of[TABLE_DEAD].at[i]->cells, 4));
}

static void read_dead_holds(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    const struct rows *dead = &self->of[TABLE_DEAD];
    bool holds = false;
    for (size_t i = 0; i < dead->n && !holds; i++) {
        struct bus_bytes data = dead->at[i]->cells[6].as.bytes;
        bool of_it = v[0].as.text == NULL || cells_equal(&dead->at[i]->cells[0], &v[0]);
        holds = of_it && !dead_is_dropped(dead->at[i]) &&
                memmem(data.data, data.size, v[1].as.bytes.data, v[1].as.bytes.size) != NULL;
    }
    one(ret, &BUS_BOOL(holds), 1);
}

static void sort(struct rows *rows, int (*compare)(const void *, const void *))
{
    if (rows->n > 1)
        qsort(rows->at, rows->n, sizeof(struct row *), compare);
}

static bool tried_again(const struct tables *self, const struct row *dead)
{
    return strcmp(cell_text(dead, 7), "retrying") == 0 && dead_comes_first(&self->of[TABLE_DEAD], dead);
}

static int compare_dead_due(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    int order = (cell_int(x, 11) > cell_int(y, 11)) - (cell_int(x, 11) < cell_int(y, 11));
    return order != 0 ? order : dead_compare(a, b);
}

static void read_dead_due(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    for (size_t i = 0; i < self->of[TABLE_DEAD].n; i++) {
        const struct row *dead = self->of[TABLE_DEAD].at[i];
        if (tried_again(self, dead) && cell_int(dead, 11) <= v[0].as.integer)
            rows_add(ret, dead);
    }
    sort(ret, compare_dead_due);
    if (ret->n > (size_t)v[1].as.integer)
        ret->n = (size_t)v[1].as.integer;
}

static int compare_name_and_key(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    int order = strcmp(cell_text(x, 0), cell_text(y, 0));
    return order != 0 ? order : strcmp(cell_text(x, 1), cell_text(y, 1));
}

static void read_effects(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    all_of(self, TABLE_EFFECT, ret);
    sort(ret, compare_name_and_key);
}

static int compare_key(const void *a, const void *b)
{
    return strcmp(cell_text(*(const struct row *const *)a, 0), cell_text(*(const struct row *const *)b, 0));
}

static void read_requests(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    for (size_t i = 0; i < self->of[TABLE_REQUEST].n; i++)
        for (size_t k = 0; k < v[0].n; k++)
            if (strcmp(cell_text(self->of[TABLE_REQUEST].at[i], 0), v[0].as.texts[k]) == 0) {
                rows_add(ret, self->of[TABLE_REQUEST].at[i]);
                break;
            }
    sort(ret, compare_key);
}

/* A block holds one. */
static void read_request_blocks(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    one(ret, &BUS_INT((int64_t)self->of[TABLE_REQUEST].n), 1);
}

static void read_request_keys(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    const struct rows *requests = &self->of[TABLE_REQUEST];
    size_t from = (size_t)v[0].as.integer, to = from + (size_t)v[1].as.integer;
    for (size_t i = from; i < to && i < requests->n; i++)
        rows_add(ret, requests->at[i]);
}

static int compare_due(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    int order = (cell_int(x, 2) > cell_int(y, 2)) - (cell_int(x, 2) < cell_int(y, 2));
    return order != 0 ? order : compare_name_and_key(a, b);
}

static void read_timers_due(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    for (size_t i = 0; i < self->of[TABLE_TIMER].n; i++)
        if (cell_int(self->of[TABLE_TIMER].at[i], 2) <= v[0].as.integer)
            rows_add(ret, self->of[TABLE_TIMER].at[i]);
    sort(ret, compare_due);
    if ((int64_t)ret->n > v[1].as.integer)
        ret->n = (size_t)v[1].as.integer;
}

static void read_timer(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    size_t i = rows_find(&self->of[TABLE_TIMER], v, 2);
    if (i < self->of[TABLE_TIMER].n)
        one(ret, &self->of[TABLE_TIMER].at[i]->cells[2], 1);
}

static void read_requests_old(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    for (size_t i = 0; i < self->of[TABLE_REQUEST].n && ret->n == 0; i++)
        if (self->of[TABLE_REQUEST].at[i]->cells[3].as.integer < v[0].as.integer)
            rows_add(ret, self->of[TABLE_REQUEST].at[i]);
}

static void read_timer_next(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    struct bus_value first = BUS_NULL;
    for (size_t i = 0; i < self->of[TABLE_TIMER].n; i++) {
        const struct bus_value *due = &self->of[TABLE_TIMER].at[i]->cells[2];
        if (first.kind == BUS_VALUE_NULL || due->as.integer < first.as.integer)
            first = *due;
    }
    one(ret, &first, 1);
}

static void read_log_room(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)self;
    one(ret, &BUS_INT((v[0].as.integer / v[1].as.integer + 1) * v[1].as.integer - 1), 1);
}

static void read_log_head(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    const struct bus_value head[] = {BUS_INT(self->head.epoch), BUS_INT(self->head.first_seq),
                                     BUS_INT(self->head.last_seq), BUS_ID(self->head.owner)};
    one(ret, head, 4);
}

/* Its last event's partition is. */
static bool is_kept(const struct tables *self, const struct row *run)
{
    return cell_int(run, 0) >= self->head.first_seq && cell_int(run, 0) >= self->kept_from;
}

static void read_log(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    const struct rows *runs = &self->of[TABLE_RUN];
    for (size_t i = 0; i < runs->n; i++)
        if (cell_int(runs->at[i], 0) > v[0].as.integer &&
            cell_int(runs->at[i], 0) - cell_int(runs->at[i], 1) < v[1].as.integer &&
            is_kept(self, runs->at[i]))
            rows_add(ret, runs->at[i]);
}

static void read_emitted_last(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    int64_t last = 0;
    for (size_t i = 0; i < self->of[TABLE_EMITTED].n; i++) {
        const struct row *row = self->of[TABLE_EMITTED].at[i];
        if (cell_int(row, 1) + cell_int(row, 2) - 1 > last)
            last = cell_int(row, 1) + cell_int(row, 2) - 1;
    }
    one(ret, &BUS_INT(last), 1);
}

static void read_heard_last(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    const struct rows *heard = &self->of[TABLE_HEARD];
    one(ret, &BUS_INT(heard->n > 0 ? cell_int(heard->at[heard->n - 1], 0) : 0), 1);
}

static void read_poison(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    all_of(self, TABLE_POISON, ret);
}

bool tables_query(const struct tables *self, const struct bus_sql *sql, const struct bus_value *values,
                  size_t n, struct rows *ret)
{
    static const struct {
        const struct bus_sql *sql;
        read_fn *read;
    } reads[] = {
        {&bus_positions, read_positions},
        {&bus_reader_positions, read_reader_positions},
        {&bus_lease_ours, read_lease_ours},
        {&bus_clock_get, read_clock},
        {&bus_attempt_any, read_attempt_any},
        {&bus_dead_keys, read_dead_keys},
        {&bus_dead_due, read_dead_due},
        {&bus_effects, read_effects},
        {&bus_requests_find, read_requests},
        {&bus_timers_due, read_timers_due},
        {&bus_timer_get, read_timer},
        {&bus_requests_old, read_requests_old},
        {&bus_timer_next, read_timer_next},
        {&bus_log_room, read_log_room},
        {&bus_log_head, read_log_head},
        {&bus_requests_keys, read_request_keys},
        {&bus_requests_blocks, read_request_blocks},
        {&bus_log_fetch, read_log},
        {&sink_ledger_last, read_heard_last},
        {&sink_poison_all, read_poison},
        {&source_emitted_last, read_emitted_last},
        {&bus_dead_holds, read_dead_holds},
    };
    (void)n;
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        if (reads[i].sql == sql) {
            reads[i].read(self, values, ret);
            return true;
        }
    return false;
}
