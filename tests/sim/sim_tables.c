/* The tables of a service, and what libbus/store/sql and tests/ledger do to them: each statement in C. */
#include <stdlib.h>
#include <string.h>

#include "sim_store.h"
#include "sql/bus.h"
#include "sql/relay.h"
#include "sql/sink.h"
#include "sql/source.h"

/* ---- rows */

static void keep_array(struct bus_value *cell)
{
    if (cell->kind == BUS_VALUE_INTS && cell->n > 0) {
        cell->as.ints = memcpy(malloc(cell->n * sizeof(int64_t)), cell->as.ints, cell->n * sizeof(int64_t));
    } else if (cell->kind == BUS_VALUE_TEXTS && cell->n > 0) {
        const char **texts = malloc(cell->n * sizeof *texts);
        for (size_t i = 0; i < cell->n; i++)
            texts[i] = strdup(cell->as.texts[i]);
        cell->as.texts = texts;
    }
}

const struct row *row_new(const struct bus_value *values, size_t n)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == BUS_VALUE_TEXT)
            size += strlen(values[i].as.text) + 1;
        else if (values[i].kind == BUS_VALUE_BYTES)
            size += values[i].as.bytes.size;
    }
    struct row *row = malloc(sizeof *row + n * sizeof *values + size);
    row->n = n;
    memcpy(row->cells, values, n * sizeof *values);
    uint8_t *at = (uint8_t *)(row->cells + n);
    for (size_t i = 0; i < n; i++) {
        struct bus_value *cell = &row->cells[i];
        size_t bytes = 0;
        if (cell->kind == BUS_VALUE_TEXT) {
            bytes = strlen(cell->as.text) + 1;
            cell->as.text = memcpy(at, cell->as.text, bytes);
        } else if (cell->kind == BUS_VALUE_BYTES) {
            bytes = cell->as.bytes.size;
            cell->as.bytes.data = memcpy(at, cell->as.bytes.data, bytes);
        } else {
            keep_array(cell);
        }
        at += bytes;
    }
    return row;
}

bool cells_equal(const struct bus_value *a, const struct bus_value *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == BUS_VALUE_TEXT ? strcmp(a->as.text, b->as.text) == 0 : a->as.integer == b->as.integer;
}

static void add(struct rows *self, const struct row *row)
{
    if (self->n == self->capacity) {
        self->capacity = self->capacity ? self->capacity * 2 : 8;
        self->at = realloc(self->at, self->capacity * sizeof(struct row *));
    }
    self->at[self->n++] = row;
}

static bool same_key(const struct row *row, const struct bus_value *values, size_t keys)
{
    for (size_t i = 0; i < keys; i++)
        if (!cells_equal(&row->cells[i], &values[i]))
            return false;
    return true;
}

/* The index of the row with this key, or n. From the end: it is mostly a late one. */
static size_t find(const struct rows *self, const struct bus_value *values, size_t keys)
{
    for (size_t i = self->n; i > 0; i--)
        if (same_key(self->at[i - 1], values, keys))
            return i - 1;
    return self->n;
}

static void remove_at(struct rows *self, size_t i)
{
    memmove(&self->at[i], &self->at[i + 1], (self->n - i - 1) * sizeof(struct row *));
    self->n--;
}

static void upsert(struct rows *self, const struct row *row, size_t keys)
{
    size_t i = find(self, row->cells, keys);
    if (i < self->n)
        self->at[i] = row;
    else
        add(self, row);
}

void tables_put(struct tables *self, enum table table, const struct bus_value *values, size_t n, size_t keys)
{
    upsert(&self->of[table], row_new(values, n), keys);
}

void tables_copy(struct tables *to, const struct tables *from)
{
    to->head = from->head;
    for (size_t i = 0; i < TABLES_N; i++) {
        const struct rows *rows = &from->of[i];
        to->of[i] = (struct rows){.n = rows->n, .capacity = rows->n};
        if (rows->n > 0)
            to->of[i].at =
                memcpy(malloc(rows->n * sizeof(struct row *)), rows->at, rows->n * sizeof(struct row *));
    }
}

/* ---- the fence */

struct advance { /* the parameters of bus_advance() */
    const struct bus_value *v;
    size_t n;
};

static struct advance advance_of(const struct op *op)
{
    return (struct advance){op->values->cells, op->values->cells[4].n};
}

static bool fence_holds(const struct tables *self, const struct op *op)
{
    struct advance a = advance_of(op);
    if (self->head.turn != a.v[0].as.integer || self->head.lease_epoch != a.v[1].as.integer)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        struct bus_value stream = BUS_TEXT(a.v[4].as.texts[i]);
        size_t at = find(&self->of[TABLE_POSITION], &stream, 1);
        bool stands = at < self->of[TABLE_POSITION].n;
        int64_t old_epoch = a.v[5].as.ints[i], old_seq = a.v[6].as.ints[i];
        if (stands != (old_epoch != 0))
            return false;
        if (stands && (cell_int(self->of[TABLE_POSITION].at[at], 1) != old_epoch ||
                       cell_int(self->of[TABLE_POSITION].at[at], 2) != old_seq))
            return false;
    }
    return true;
}

static void advance(struct tables *self, const struct op *op)
{
    struct advance a = advance_of(op);
    self->head.last_seq = a.v[2].as.integer;
    self->head.turn = a.v[0].as.integer + 1;
    self->head.lease_until_us = world.now_us + a.v[3].as.integer * MS;
    for (size_t i = 0; i < a.n; i++) {
        const struct bus_value row[] = {BUS_TEXT(a.v[4].as.texts[i]), BUS_INT(a.v[7].as.ints[i]),
                                        BUS_INT(a.v[8].as.ints[i]), BUS_TEXT(a.v[9].as.texts[i])};
        upsert(&self->of[TABLE_POSITION], row_new(row, 4), 1);
    }
}

/* ---- statements that write */

enum how {
    HOW_INSERT,
    HOW_UPSERT,
    HOW_UPSERT_OR_DELETE,
    HOW_DELETE,
    HOW_DELETE_UPTO,
    HOW_DELETE_BEFORE,
    HOW_ADVANCE
};

static const struct write {
    const struct bus_sql *sql;
    enum table table;
    enum how how;
    size_t keys;   /* the first columns; INSERT: unique, 0 for none */
    size_t absent; /* UPSERT_OR_DELETE: NULL here deletes; DELETE_BEFORE: the column that is compared */
} writes[] = {
    {&bus_advance, TABLE_POSITION, HOW_ADVANCE, 1, 0},
    {&bus_log_append, TABLE_LOG, HOW_INSERT, 1, 0},
    {&bus_request_put, TABLE_REQUEST, HOW_INSERT, 1, 0},
    {&bus_requests_trim, TABLE_REQUEST, HOW_DELETE_BEFORE, 0, 3},
    {&bus_timer_put, TABLE_TIMER, HOW_UPSERT_OR_DELETE, 2, 2},
    {&bus_effect_put, TABLE_EFFECT, HOW_UPSERT_OR_DELETE, 2, 2},
    {&bus_dead_put, TABLE_DEAD, HOW_UPSERT, 3, 0},
    {&bus_dead_remove, TABLE_DEAD, HOW_DELETE, 3, 0},
    {&bus_attempt_clear, TABLE_ATTEMPT, HOW_DELETE_UPTO, 1, 0},
    {&bus_clock_set, TABLE_CLOCK, HOW_UPSERT, 0, 0},
    {&source_emitted_add, TABLE_EMITTED, HOW_INSERT, 1, 0},
    {&relay_echo_add, TABLE_ECHO, HOW_INSERT, 0, 0},
    {&sink_ledger_add, TABLE_HEARD, HOW_INSERT, 0, 0},
    {&sink_poison_set, TABLE_POISON, HOW_UPSERT, 1, 0},
};

static const struct write *write_of(const struct bus_sql *sql)
{
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
        if (writes[i].sql == sql)
            return &writes[i];
    bus_die("the simulated database does not know the statement %s: add it to sim_tables.c", sql->name);
}

void tables_apply(struct tables *self, const struct op *op)
{
    const struct write *write = write_of(op->sql);
    struct rows *rows = &self->of[write->table];
    const struct bus_value *values = op->values->cells;
    size_t i = find(rows, values, write->keys);
    switch (write->how) {
    case HOW_ADVANCE:
        advance(self, op);
        break;
    case HOW_INSERT:
        add(rows, op->values);
        break;
    case HOW_UPSERT_OR_DELETE:
        if (values[write->absent].kind != BUS_VALUE_NULL)
            upsert(rows, op->values, write->keys);
        else if (i < rows->n)
            remove_at(rows, i);
        break;
    case HOW_UPSERT:
        upsert(rows, op->values, write->keys);
        break;
    case HOW_DELETE:
        if (i < rows->n)
            remove_at(rows, i);
        break;
    case HOW_DELETE_UPTO:
        for (i = rows->n; i > 0; i--)
            if (same_key(rows->at[i - 1], values, 1) && cell_int(rows->at[i - 1], 1) <= values[1].as.integer)
                remove_at(rows, i - 1);
        break;
    case HOW_DELETE_BEFORE:
        for (i = rows->n; i > 0; i--)
            if (cell_int(rows->at[i - 1], write->absent) < values[0].as.integer)
                remove_at(rows, i - 1);
        break;
    }
}

enum wrong tables_check(const struct tables *self, const struct op *ops)
{
    for (const struct op *op = ops; op != NULL; op = op->next) {
        const struct write *write = write_of(op->sql);
        if (write->how == HOW_ADVANCE && !fence_holds(self, op))
            return WRONG_FENCED;
        if (write->how != HOW_INSERT || write->keys == 0)
            continue;
        const struct rows *rows = &self->of[write->table];
        bool taken = find(rows, op->values->cells, write->keys) < rows->n;
        for (const struct op *earlier = ops; !taken && earlier != op; earlier = earlier->next)
            taken = earlier->sql == op->sql && same_key(earlier->values, op->values->cells, write->keys);
        if (taken)
            return op->sql == &bus_log_append ? WRONG_FENCED : WRONG_KEY;
    }
    return WRONG_NOTHING;
}

/* ---- statements that read */

typedef void read_fn(const struct tables *self, const struct bus_value *v, struct rows *ret);

static void all_of(const struct tables *self, enum table table, struct rows *ret)
{
    for (size_t i = 0; i < self->of[table].n; i++)
        add(ret, self->of[table].at[i]);
}

static void one(struct rows *ret, const struct bus_value *values, size_t n)
{
    add(ret, row_new(values, n));
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

static void read_clock(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    all_of(self, TABLE_CLOCK, ret);
}

static void read_attempt_any(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    one(ret, &BUS_BOOL(self->of[TABLE_ATTEMPT].n > 0), 1);
}

static bool dropped(const struct row *dead)
{
    return strcmp(cell_text(dead, 7), "dropped") == 0;
}

static void read_dead_keys(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    for (size_t i = 0; i < self->of[TABLE_DEAD].n; i++)
        if (!dropped(self->of[TABLE_DEAD].at[i]))
            add(ret, row_new(self->of[TABLE_DEAD].at[i]->cells, 4));
}

static int compare_dead(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    int order = strcmp(cell_text(x, 0), cell_text(y, 0));
    if (order == 0)
        order = (cell_int(x, 1) > cell_int(y, 1)) - (cell_int(x, 1) < cell_int(y, 1));
    if (order == 0)
        order = (cell_int(x, 12) > cell_int(y, 12)) - (cell_int(x, 12) < cell_int(y, 12));
    return order != 0 ? order : strcmp(cell_text(x, 2), cell_text(y, 2));
}

static void sort(struct rows *rows, int (*compare)(const void *, const void *))
{
    if (rows->n > 1)
        qsort(rows->at, rows->n, sizeof(struct row *), compare);
}

static void read_dead_list(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    for (size_t i = 0; i < self->of[TABLE_DEAD].n; i++) {
        const struct row *dead = self->of[TABLE_DEAD].at[i];
        bool due = strcmp(cell_text(dead, 7), "retrying") == 0 && cell_int(dead, 11) <= v[2].as.integer;
        if (!dropped(dead) && (v[0].kind == BUS_VALUE_NULL || cells_equal(&v[0], &dead->cells[0])) &&
            (v[1].kind == BUS_VALUE_NULL || cells_equal(&v[1], &dead->cells[3])) &&
            (v[2].kind == BUS_VALUE_NULL || due))
            add(ret, dead);
    }
    sort(ret, compare_dead);
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

static void read_requests(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    for (size_t i = 0; i < self->of[TABLE_REQUEST].n; i++)
        for (size_t k = 0; k < v[0].n; k++)
            if (strcmp(cell_text(self->of[TABLE_REQUEST].at[i], 0), v[0].as.texts[k]) == 0) {
                add(ret, self->of[TABLE_REQUEST].at[i]);
                break;
            }
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
            add(ret, self->of[TABLE_TIMER].at[i]);
    sort(ret, compare_due);
    if ((int64_t)ret->n > v[1].as.integer)
        ret->n = (size_t)v[1].as.integer;
}

static void read_timer(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    size_t i = find(&self->of[TABLE_TIMER], v, 2);
    if (i < self->of[TABLE_TIMER].n)
        one(ret, &self->of[TABLE_TIMER].at[i]->cells[2], 1);
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
    one(ret, &BUS_INT((v[0].as.integer / 1000000 + 1) * 1000000 - 1), 1);
}

static void read_log_head(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    (void)v;
    const struct bus_value head[] = {BUS_INT(self->head.epoch), BUS_INT(self->head.first_seq),
                                     BUS_INT(self->head.last_seq), BUS_ID(self->head.owner)};
    one(ret, head, 4);
}

static void read_log_event_id(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    size_t i = find(&self->of[TABLE_LOG], v, 1);
    if (i < self->of[TABLE_LOG].n)
        one(ret, &self->of[TABLE_LOG].at[i]->cells[1], 1);
}

static void read_log(const struct tables *self, const struct bus_value *v, struct rows *ret)
{
    for (size_t i = 0; i < self->of[TABLE_LOG].n && (int64_t)ret->n < v[1].as.integer; i++)
        if (cell_int(self->of[TABLE_LOG].at[i], 0) > v[0].as.integer)
            add(ret, self->of[TABLE_LOG].at[i]);
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
        {&bus_positions, read_positions},   {&bus_reader_positions, read_reader_positions},
        {&bus_clock_get, read_clock},       {&bus_attempt_any, read_attempt_any},
        {&bus_dead_keys, read_dead_keys},   {&bus_dead_list, read_dead_list},
        {&bus_effects, read_effects},       {&bus_requests_find, read_requests},
        {&bus_timers_due, read_timers_due}, {&bus_timer_get, read_timer},
        {&bus_timer_next, read_timer_next}, {&bus_log_room, read_log_room},
        {&bus_log_head, read_log_head},     {&bus_log_event_id, read_log_event_id},
        {&bus_log_fetch, read_log},         {&sink_ledger_last, read_heard_last},
        {&sink_poison_all, read_poison},    {&source_emitted_last, read_emitted_last},
    };
    (void)n;
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        if (reads[i].sql == sql) {
            reads[i].read(self, values, ret);
            return true;
        }
    return false;
}
