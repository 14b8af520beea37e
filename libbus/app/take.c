/* What to handle next. Live: outcomes first, then commands, timers and each stream in turn. Under a
 * conductor: all of it in one order that depends on nothing but the messages: time, kind, stream, sequence
 * number. In both, an event waits until what its writer had read has been read here too. */
#include <string.h>

#include "app/conduct.h"
#include "app/effects.h"
#include "app/loop.h"
#include "app/timers.h"
#include "wire/run.h"

struct taking {
    struct loop *loop;
    struct item *items; /* NULL while there are none: most looks find nothing */
    size_t n, capacity;
    size_t bytes;
    size_t *taken;           /* per source: events under way or in this batch */
    struct item *next;       /* per source: its next event, decoded; NULL: of none yet */
    bool *decoded;           /* per source */
    struct command *command; /* the next one */
    struct store_timer *timers;
    size_t timers_n, timer;
    struct item *outcomes;
    size_t outcomes_n, outcome;
    size_t first; /* live: the place that is looked at first, in turn */
};

static int64_t position(const struct taking *t, size_t source)
{
    return t->loop->sources[source].follow.seq + (int64_t)t->taken[source];
}

/* Whether everything in `header.after` that we follow has been read, with this batch. */
static bool caused(const struct taking *t, const struct bus_header *header)
{
    for (size_t a = 0; a < header->after_n; a++)
        for (size_t i = 0; i < t->loop->sources_n; i++)
            if (strcmp(t->loop->sources[i].name, header->after[a].stream) == 0 &&
                position(t, i) < header->after[a].seq)
                return false;
    return true;
}

static void decode_event(struct taking *t, size_t i, const struct follow_event *event)
{
    struct loop *loop = t->loop;
    struct bus_error err = {0};
    if (t->next == NULL)
        t->next = bus_alloc_array(loop->arena, loop->sources_n, sizeof *t->next);
    struct item *item = &t->next[i];
    *item = (struct item){.kind = ITEM_EVENT,
                          .raw_header = event->header,
                          .data = event->data,
                          .source = i,
                          .seq = event->seq,
                          .source_name = loop->sources[i].name};
    if (bus_header_decode(event->header, loop->arena, &item->header, &err) != BUS_OK) {
        item->broken = bus_strdup(loop->arena, err.text);
        item->header = (struct bus_header){
            .id = wire_run_event_id(event->header, item->source_name, event->seq, loop->arena),
            .source = item->source_name,
            .type = "unreadable"};
    }
    item->now_us = loop->step.active ? bus_header_moment_us(&item->header) : loop_now(loop);
    t->decoded[i] = true;
}

/* The next event of source i that may be handled now, or NULL. */
static const struct item *event_candidate(struct taking *t, size_t i)
{
    struct loop *loop = t->loop;
    if (loop->step.active && position(t, i) >= loop->step.upto[i])
        return NULL;
    const struct follow_event *event = follow_peek(&loop->sources[i].follow, t->taken[i]);
    if (event == NULL)
        return NULL;
    if (!t->decoded[i])
        decode_event(t, i, event);
    return caused(t, &t->next[i].header) ? &t->next[i] : NULL;
}

static void add(struct taking *t, struct item item)
{
    if (t->n == t->capacity) {
        t->capacity = t->capacity > 0 ? t->capacity * 4 : 8;
        struct item *grown = bus_alloc_array(t->loop->arena, t->capacity, sizeof *grown);
        if (t->n > 0)
            memcpy(grown, t->items, t->n * sizeof *grown);
        t->items = grown;
    }
    t->items[t->n++] = item;
    t->bytes += item.data.size + item.raw_header.size;
}

static struct item timer_item(const struct taking *t, const struct store_timer *timer)
{
    struct bus_arena *arena = t->loop->arena;
    struct item item = {.kind = ITEM_TIMER,
                        .timer = *timer,
                        .source_name = "timer",
                        .now_us = t->loop->step.active ? timer->due_us : loop_now(t->loop)};
    item.header = (struct bus_header){.id = item_key(arena, bus_printf(arena, "%s/%s/%lld", timer->name,
                                                                       timer->key, (long long)timer->due_us)),
                                      .source = "/timer",
                                      .type = timer->name,
                                      .time_us = item.now_us,
                                      .correlationid = timer->correlationid};
    return item;
}

static struct item command_item(struct loop *loop, struct command *command)
{
    return (struct item){.kind = ITEM_COMMAND,
                         .header = command->header,
                         .data = command->data,
                         .command = command,
                         .source_name = "command",
                         .now_us = loop->step.active ? command->time_us : loop_now(loop)};
}

/* Commands wait for what they were written after, like events. */
static struct command *command_candidate(const struct taking *t)
{
    struct command *command = t->command;
    while (command != NULL && (command->under_way || (!t->loop->step.active && !caused(t, &command->header))))
        command = command->next;
    return command;
}

/* Where items come from: the kinds, then the streams. */
enum { PLACE_COMMANDS, PLACE_TIMERS, PLACE_STREAMS = TAKE_KINDS };

/* Whether this place has an item to be taken now, and when that happened. */
static bool look(struct taking *t, size_t place, int64_t *ret_time_us)
{
    if (place == PLACE_COMMANDS) {
        const struct command *command = command_candidate(t);
        *ret_time_us = command != NULL ? command->time_us : 0;
        return command != NULL;
    }
    if (place == PLACE_TIMERS) {
        *ret_time_us = t->timer < t->timers_n ? t->timers[t->timer].due_us : 0;
        return t->timer < t->timers_n;
    }
    const struct item *event = event_candidate(t, place - PLACE_STREAMS);
    *ret_time_us = event != NULL ? event->now_us : 0;
    return event != NULL;
}

static void take_from(struct taking *t, size_t place)
{
    if (place == PLACE_COMMANDS) {
        struct command *command = command_candidate(t);
        t->command = command->next;
        add(t, command_item(t->loop, command));
    } else if (place == PLACE_TIMERS) {
        add(t, timer_item(t, &t->timers[t->timer++]));
    } else {
        size_t source = place - PLACE_STREAMS;
        t->taken[source]++;
        t->decoded[source] = false;
        add(t, t->next[source]);
    }
}

/* Conducted: the first by (time, kind, stream). Live: kinds and streams have their turn one after the other,
 * so that each has its share of the batch, however much there is of another. False when there is nothing. */
static bool take_one(struct taking *t)
{
    size_t places = PLACE_STREAMS + t->loop->sources_n, chosen = places;
    int64_t best = 0;
    if (t->outcome < t->outcomes_n) {
        add(t, t->outcomes[t->outcome++]);
        return true;
    }
    for (size_t k = 0; k < places; k++) {
        size_t place = (t->first + k) % places;
        int64_t time_us = 0;
        if (!look(t, place, &time_us) || (chosen < places && time_us >= best))
            continue;
        best = time_us;
        chosen = place;
        if (!t->loop->step.active)
            break;
    }
    if (chosen == places)
        return false;
    if (!t->loop->step.active)
        t->first = chosen + 1;
    take_from(t, chosen);
    return true;
}

static enum bus_status find_timers(struct taking *t, struct bus_error *err)
{
    struct loop *loop = t->loop;
    int64_t now = loop->step.active ? loop->step.now_us : loop_now(loop);
    if ((!loop->step.active && timers_held(loop)) || loop->next_timer_us > now ||
        (loop->step.active && loop->step.timers_taken) ||
        loop->under_way != NULL) /* the next round trip asks */
        return BUS_OK;
    timers_taken(loop);
    enum bus_status status =
        store_timers_due(loop->store, now, TURN_ITEMS_MAX, loop->arena, &t->timers, &t->timers_n, err);
    if (status == BUS_OK && t->timers_n == 0)
        status = store_timer_next(loop->store, &loop->next_timer_us, err);
    return status != BUS_OK ? bus_fail_in(err, "timers cannot be read") : BUS_OK;
}

enum bus_status take_items(struct loop *loop, struct item **ret_items, size_t *ret_n, struct bus_error *err)
{
    struct bus_arena *arena = loop->arena;
    loop->taking_us = bus_clock_monotonic_us();
    struct taking t = {.loop = loop, .command = loop->commands};
    t.taken = bus_alloc_array(arena, loop->sources_n, sizeof *t.taken);
    t.decoded = bus_alloc_array(arena, loop->sources_n, sizeof *t.decoded);
    for (size_t i = 0; i < loop->sources_n; i++)
        t.taken[i] = (size_t)(loop_read(loop, i) - loop->sources[i].follow.seq);
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED && !loop->step.active)
        return BUS_OK;
    if (loop->under_way == NULL) /* it may ask the same effect anew */
        effects_take(loop, &t.outcomes, &t.outcomes_n);
    enum bus_status status = find_timers(&t, err);
    if (status != BUS_OK)
        return status;
    size_t most = loop->care.small > 0 ? TURN_ITEMS_CAREFUL : TURN_ITEMS_MAX;
    if (!loop->step.active && t.outcomes_n > most / 2)
        t.outcomes_n = most / 2;
    while (t.n < most && t.bytes < TURN_BYTES_MAX && take_one(&t))
        continue;
    loop->full = t.n == most || t.bytes >= TURN_BYTES_MAX;
    *ret_items = t.items;
    *ret_n = t.n;
    return BUS_OK;
}
