/* The tables of a service, and what libbus/store/sql and tests/ledger do to them: each statement in C. */
#include <stdlib.h>
#include <string.h>

#include "sim_store.h"
#include "sql/bus.h"
#include "sql/relay.h"
#include "sql/sink.h"
#include "sql/source.h"
#include "wire/run.h"

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
    row->fact = NULL;
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

void rows_add(struct rows *self, const struct row *row)
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
size_t rows_find(const struct rows *self, const struct bus_value *values, size_t keys)
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
    size_t i = rows_find(self, row->cells, keys);
    if (i < self->n)
        self->at[i] = row;
    else
        rows_add(self, row);
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

static bool fence_holds(const struct tables *self, const struct op *op)
{
    const struct bus_value *v = op->values->cells;
    return self->head.turn == v[0].as.integer && self->head.lease_epoch == v[1].as.integer;
}

int64_t tables_trim(const struct tables *self, int64_t before_us)
{
    const struct rows *log = &self->of[TABLE_LOG], *readers = &self->of[TABLE_READER];
    int64_t read = self->head.last_seq, first = self->head.first_seq;
    for (size_t i = 0; i < readers->n; i++)
        if (cell_int(readers->at[i], 1) < read)
            read = cell_int(readers->at[i], 1);
    for (;;) {
        int64_t past = (first / LOG_PARTITION + 1) * LOG_PARTITION;
        if (past > read || cell_int(log->at[past - 2], 4) >= before_us)
            return first;
        first = past;
    }
}

static void advance(struct tables *self, const struct bus_value *v)
{
    int64_t back_us = self->head.clock[1].as.integer - v[5].as.integer;
    if (back_us > 0)
        broken("the time of %s went back by %lld us", running != NULL ? running->name : "nobody",
               (long long)back_us);
    memcpy(self->head.clock, &v[4], sizeof self->head.clock);
    self->head.last_seq = v[2].as.integer;
    self->head.turn = v[0].as.integer + 1;
    self->head.lease_until_us = world.now_us + v[3].as.integer * MS;
    for (size_t i = 0; i < v[7].n; i++) {
        const struct bus_value row[] = {BUS_TEXT(v[7].as.texts[i]), BUS_INT(v[8].as.ints[i]),
                                        BUS_INT(v[9].as.ints[i]), BUS_TEXT(v[10].as.texts[i])};
        upsert(&self->of[TABLE_POSITION], row_new(row, 4), 1);
    }
}

/* ---- dead letters */

static int order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int dead_compare(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    int order = strcmp(cell_text(x, 0), cell_text(y, 0));
    if (order == 0)
        order = order_of(cell_int(x, 1), cell_int(y, 1));
    if (order == 0)
        order = order_of(cell_int(x, 12), cell_int(y, 12));
    return order != 0 ? order : strcmp(cell_text(x, 2), cell_text(y, 2));
}

bool dead_is_dropped(const struct row *dead)
{
    return strcmp(cell_text(dead, 7), "dropped") == 0;
}

bool dead_comes_first(const struct rows *all, const struct row *dead)
{
    for (size_t i = 0; dead->cells[3].kind != BUS_VALUE_NULL && i < all->n; i++) {
        const struct row *other = all->at[i];
        if (!dead_is_dropped(other) && cells_equal(&other->cells[0], &dead->cells[0]) &&
            cells_equal(&other->cells[3], &dead->cells[3]) && dead_compare(&other, &dead) < 0)
            return false;
    }
    return true;
}

/* Of those parked for this source and subject the first is tried again, if it only waited. */
static void pass_on(struct rows *dead, const struct bus_value *v)
{
    size_t first = dead->n;
    for (size_t i = 0; i < dead->n; i++)
        if (cells_equal(&dead->at[i]->cells[0], &v[0]) && cells_equal(&dead->at[i]->cells[3], &v[1]) &&
            !dead_is_dropped(dead->at[i]) && dead_comes_first(dead, dead->at[i]))
            first = i;
    if (first == dead->n || strcmp(cell_text(dead->at[first], 7), "behind") != 0)
        return;
    struct bus_value row[15];
    memcpy(row, dead->at[first]->cells, sizeof row);
    row[7] = BUS_TEXT("retrying");
    row[11] = v[2];
    dead->at[first] = row_new(row, 15);
}

/* ---- the log */

/* What a run holds, a row an event. */
static void unpack(struct rows *log, const struct bus_value *values)
{
    struct wire_run run;
    struct bus_bytes header, data, id = {0};
    struct bus_cursor at;
    int64_t to = values[0].as.integer, from = to - values[1].as.integer + 1;
    if (!wire_run_open(values[2].as.bytes, from, to, &run))
        bus_die("a run from %lld to %lld", (long long)from, (long long)to);
    while (wire_run_next(&run, &header, &data)) {
        char text[129] = "";
        if (bus_cursor_get(header, "id", &at) && bus_cursor_text(&at, &id) && id.size < sizeof text)
            memcpy(text, id.data, id.size);
        const struct bus_value row[] = {BUS_INT(run.seq), BUS_TEXT(text), BUS_BYTES(header), BUS_BYTES(data),
                                        BUS_TIME(world.now_us)};
        rows_add(log, row_new(row, sizeof row / sizeof *row));
    }
    if (!wire_run_done(&run))
        bus_die("a run from %lld to %lld that ends at %lld", (long long)from, (long long)to,
                (long long)run.seq);
}

/* ---- statements that write */

enum how {
    HOW_APPEND,
    HOW_INSERT,
    HOW_UPSERT,
    HOW_UPSERT_OR_DELETE,
    HOW_DELETE,
    HOW_DELETE_UPTO,
    HOW_DELETE_BEFORE,
    HOW_DELETE_SLASHED,
    HOW_PASS_ON,
    HOW_TRIM,
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
    {&bus_log_append, TABLE_RUN, HOW_APPEND, 1, 0},
    {&bus_request_put, TABLE_REQUEST, HOW_INSERT, 1, 0},
    {&bus_log_trim, TABLE_LOG, HOW_TRIM, 0, 0},
    {&bus_requests_trim, TABLE_REQUEST, HOW_DELETE_BEFORE, 0, 3},
    {&bus_dead_trim, TABLE_DEAD, HOW_DELETE_BEFORE, 0, 13}, /* nothing is old enough here */
    {&bus_timer_put, TABLE_TIMER, HOW_UPSERT_OR_DELETE, 2, 2},
    {&bus_effect_put, TABLE_EFFECT, HOW_UPSERT_OR_DELETE, 2, 2},
    {&bus_dead_put, TABLE_DEAD, HOW_UPSERT, 3, 0},
    {&bus_dead_remove, TABLE_DEAD, HOW_DELETE, 3, 0},
    {&bus_dead_pass_on, TABLE_DEAD, HOW_PASS_ON, 0, 0},
    {&bus_attempt_clear, TABLE_ATTEMPT, HOW_DELETE_UPTO, 1, 0},
    {&bus_attempts_forget, TABLE_ATTEMPT, HOW_DELETE_SLASHED, 0, 0},
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
    size_t i = rows_find(rows, values, write->keys);
    switch (write->how) {
    case HOW_ADVANCE:
        advance(self, values);
        break;
    case HOW_APPEND:
        unpack(&self->of[TABLE_LOG], values);
        rows_add(rows, op->values);
        break;
    case HOW_INSERT:
        rows_add(rows, op->values);
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
    case HOW_DELETE_SLASHED:
        for (i = rows->n; i > 0; i--)
            if (cell_text(rows->at[i - 1], 0)[0] == '/')
                remove_at(rows, i - 1);
        break;
    case HOW_PASS_ON:
        pass_on(rows, values);
        break;
    case HOW_TRIM: /* the oracle still needs the rows: they are only hidden */
        self->head.first_seq = values[0].as.integer;
        break;
    case HOW_DELETE_BEFORE:
        for (i = rows->n; i > 0; i--)
            if (cell_int(rows->at[i - 1], write->absent) < values[0].as.integer)
                remove_at(rows, i - 1);
        break;
    }
}

bool tables_timer_is_due(const struct tables *self, const struct op *op)
{
    const struct rows *timers = &self->of[TABLE_TIMER];
    const struct bus_value *timer = op->values->cells;
    if (op->sql != &bus_timer_put || timer[2].kind != BUS_VALUE_NULL)
        return false;
    bool may_be_cleared = strcmp(timer[0].as.text, "tick") == 0 && atoll(timer[1].as.text) % CLEAR_EVERY == 0;
    return !may_be_cleared && rows_find(timers, timer, 2) < timers->n;
}

enum wrong tables_check(const struct tables *self, const struct op *ops)
{
    for (const struct op *op = ops; op != NULL; op = op->next) {
        const struct write *write = write_of(op->sql);
        if (write->how == HOW_ADVANCE && !fence_holds(self, op))
            return WRONG_FENCED;
        if ((write->how != HOW_INSERT && write->how != HOW_APPEND) || write->keys == 0)
            continue;
        const struct rows *rows = &self->of[write->table];
        bool taken = rows_find(rows, op->values->cells, write->keys) < rows->n;
        for (const struct op *earlier = ops; !taken && earlier != op; earlier = earlier->next)
            taken = earlier->sql == op->sql && same_key(earlier->values, op->values->cells, write->keys);
        if (taken)
            return op->sql == &bus_log_append ? WRONG_FENCED : WRONG_KEY;
    }
    return WRONG_NOTHING;
}
