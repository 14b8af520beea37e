/* See facts.h. */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"

const struct rows *rows_of(const char *service, enum table table)
{
    return &database_of(service)->tables.of[table];
}

bool restored(const char *service)
{
    return database_of(service)->restored;
}

bool is_dead(const char *service, const char *source, int64_t seq)
{
    const struct rows *dead = rows_of(service, TABLE_DEAD);
    for (size_t i = 0; i < dead->n; i++)
        if (cell_int(dead->at[i], 1) == seq && strcmp(cell_text(dead->at[i], 0), source) == 0)
            return true;
    return false;
}

bool parks(void)
{
    return world.rate[FAULT_POISON] > 0 || world.rate[FAULT_REFUSAL] > 0;
}

/* ---- events */

static struct bus_bytes get_text(struct bus_bytes map, const char *key)
{
    struct bus_cursor at;
    struct bus_bytes text = {0};
    return bus_cursor_get(map, key, &at) && bus_cursor_text(&at, &text) ? text : (struct bus_bytes){0};
}

static int64_t get_int(struct bus_bytes map, const char *key)
{
    struct bus_cursor at;
    int64_t value = -1;
    return bus_cursor_get(map, key, &at) && bus_cursor_int(&at, &value) ? value : -1;
}

static int64_t number_in(struct bus_bytes text)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.size && text.data[i] != ' '; i++)
        number = number * 10 + (text.data[i] - '0');
    return number;
}

static enum fact_kind kind_of(struct bus_bytes header)
{
    static const char *const types[] = {[FACT_COUNTED] = "koppel.source.counted.v1",
                                        [FACT_ECHOED] = "koppel.relay.echoed.v1",
                                        [FACT_TICKED] = "koppel.relay.ticked.v1",
                                        [FACT_RANG] = "koppel.relay.rang.v1"};
    struct bus_bytes type = get_text(header, "type");
    for (enum fact_kind kind = FACT_COUNTED; kind <= FACT_RANG; kind++)
        if (bus_text_is(type, types[kind]))
            return kind;
    return FACT_OTHER; /* a command that was recorded */
}

const struct fact *fact_of(const struct row *log)
{
    struct row *row = (struct row *)log;
    if (row->fact != NULL)
        return row->fact;
    struct bus_bytes data = log->cells[3].as.bytes;
    struct fact *fact = row->fact = calloc(1, sizeof *fact);
    *fact = (struct fact){.kind = kind_of(log->cells[2].as.bytes), .seq = cell_int(log, 0)};
    if (fact->kind == FACT_TICKED || fact->kind == FACT_RANG) {
        fact->mark = get_text(data, "key");
        fact->number = number_in(fact->mark);
        fact->again = memchr(fact->mark.data, ' ', fact->mark.size) != NULL;
    } else if (fact->kind != FACT_OTHER) {
        fact->number = get_int(data, "number");
        fact->cause = get_int(data, "cause");
        fact->mark = get_text(data, "mark");
        fact->subject = get_text(data, "subject");
    }
    return fact;
}

const struct fact *fact_at(const char *stream, int64_t seq)
{
    /* A log is dense from 1 on, or the world has ended. */
    const struct rows *log = rows_of(stream, TABLE_LOG);
    return seq >= 1 && seq <= (int64_t)log->n ? fact_of(log->at[seq - 1]) : NULL;
}

bool fact_is(const struct fact *fact, const struct row *heard)
{
    const char *key = cell_text(heard, 6);
    switch (fact->kind) {
    case FACT_COUNTED:
        return cell_int(heard, 4) == fact->number && key != NULL && bus_text_is(fact->mark, key);
    case FACT_ECHOED:
        return cell_int(heard, 4) == fact->number && cell_int(heard, 5) == fact->cause;
    case FACT_TICKED:
    case FACT_RANG:
        return key != NULL && bus_text_is(fact->mark, key);
    case FACT_OTHER:
        break;
    }
    return false;
}
