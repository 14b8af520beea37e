/* See readers.h. */
#include "app/readers.h"

#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/scan.h"

#ifndef READERS_MAX     /* small in the simulation */
#define READERS_MAX 256 /* more keys than that are not given out */
#endif

struct place {
    char name[64];
    int64_t seq;
    int64_t told_us;  /* by the wall clock: when it told `seq` first */
    int64_t heard_us; /* monotonic; 0: not since our start */
    bool moved;       /* since it was kept */
};

struct readers {
    bool recalled;
    bool full; /* told already since the last report */
    size_t n;
    struct place places[READERS_MAX];
};

static void tell_full(struct readers *self, const char *name)
{
    if (!self->full)
        bus_log_warn("BUS-READERS-FULL: %d readers of this stream are known, so the log is not kept for %s: "
                     "forget those that are gone; see the runbook",
                     READERS_MAX, name);
    self->full = true;
}

static struct place *place_of(struct readers *self, const char *name)
{
    for (size_t i = 0; i < self->n; i++)
        if (strcmp(self->places[i].name, name) == 0)
            return &self->places[i];
    if (strlen(name) >= sizeof self->places->name)
        return NULL;
    if (self->n == READERS_MAX) {
        tell_full(self, name);
        return NULL;
    }
    struct place *place = &self->places[self->n++];
    *place = (struct place){.moved = true};
    memcpy(place->name, name, strlen(name));
    return place;
}

void readers_open(struct loop *loop)
{
    loop->readers = calloc(1, sizeof *loop->readers);
    if (loop->readers == NULL)
        bus_die("out of memory");
}

/* Those that were known before, except where they have told something newer since. At the first beat rather
 * than at the start, so that a start outlives the database. */
static enum bus_status recall(struct loop *loop, struct bus_error *err)
{
    struct readers *self = loop->readers;
    struct store_reader_position *known = NULL;
    size_t n = 0;
    enum bus_status status = store_reader_positions(loop->store, loop->arena, &known, &n, err);
    if (status != BUS_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        size_t before = self->n;
        struct place *place = place_of(self, known[i].reader);
        if (place == NULL || self->n == before)
            continue;
        place->seq = known[i].seq;
        place->told_us = known[i].at_us;
        place->moved = false;
    }
    self->recalled = true;
    return BUS_OK;
}

void readers_close(struct readers **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

void readers_request(struct loop *loop, const struct net_request *request)
{
    struct bus_cursor at;
    int64_t seq = -1;
    if (request->body_n != 1 || bus_scan_map(request->body[0], &bus_scan_data, NULL) != BUS_OK ||
        !bus_cursor_get(request->body[0], "seq", &at) || !bus_cursor_int(&at, &seq) || seq < 0) {
        loop->metrics.refused++;
        return;
    }
    /* Who has not heard yet that a backup was put back tells of the history that is gone. */
    int64_t here = store_head_get(loop->store)->epoch, epoch = here;
    (void)bus_cursor_get_int(request->body[0], "epoch", &epoch);
    struct place *place = epoch == here ? place_of(loop->readers, request->peer) : NULL;
    if (place == NULL)
        return;
    place->heard_us = bus_clock_monotonic_us();
    if (seq == place->seq && place->told_us != 0)
        return;
    place->seq = seq;
    place->told_us = bus_clock_wall_us();
    place->moved = true;
}

enum bus_status readers_beat(struct loop *loop, struct bus_error *err)
{
    struct readers *self = loop->readers;
    struct store_reader_position moved[READERS_MAX];
    struct place *places[READERS_MAX]; /* of these: more may be told meanwhile */
    size_t n = 0;
    enum bus_status status = self->recalled ? BUS_OK : recall(loop, err);
    for (size_t i = 0; i < self->n; i++)
        if (self->places[i].moved) {
            places[n] = &self->places[i];
            places[n]->moved = false;
            moved[n++] = (struct store_reader_position){
                .reader = self->places[i].name, .seq = self->places[i].seq, .at_us = self->places[i].told_us};
        }
    if (status == BUS_OK && n > 0)
        status = store_reader_positions_put(loop->store, moved, n, err);
    for (size_t i = 0; i < n && status != BUS_OK; i++)
        places[i]->moved = true;
    return status;
}

bool readers_forget(struct loop *loop, const char *reader)
{
    struct readers *self = loop->readers;
    for (size_t i = 0; i < self->n; i++)
        if (strcmp(self->places[i].name, reader) == 0) {
            self->places[i] = self->places[--self->n];
            return true;
        }
    return false;
}

static int64_t lag_of(const struct loop *loop, const struct place *place)
{
    int64_t head = store_head_get(loop->store)->last_seq;
    return head > place->seq ? head - place->seq : 0;
}

void readers_report(const struct loop *loop)
{
    int64_t now = bus_clock_wall_us();
    loop->readers->full = false;
    for (size_t i = 0; i < loop->readers->n; i++) {
        const struct place *place = &loop->readers->places[i];
        char since[BUS_TIME_TEXT];
        if (lag_of(loop, place) == 0 || now - place->told_us < loop->config->reader_away_us)
            continue;
        bus_time_format(place->told_us, since);
        bus_log_warn(
            "BUS-READER-AWAY: %s has read nothing since %.10s: the log is kept for it from %lld on; see the "
            "runbook",
            place->name, since, (long long)place->seq);
    }
}

void readers_pack(const struct loop *loop, struct bus_buffer *out)
{
    const struct readers *self = loop->readers;
    int64_t now = bus_clock_monotonic_us();
    bus_pack_text(out, "readers");
    bus_pack_array(out, (uint32_t)self->n);
    for (size_t i = 0; i < self->n; i++) {
        const struct place *place = &self->places[i];
        bus_pack_map(out, 4);
        bus_pack_text(out, "reader");
        bus_pack_text(out, place->name);
        bus_pack_text(out, "seq");
        bus_pack_int(out, place->seq);
        bus_pack_text(out, "lag");
        bus_pack_int(out, lag_of(loop, place));
        bus_pack_text(out, "silent_s"); /* nil: not heard since our start */
        if (place->heard_us != 0)
            bus_pack_int(out, (now - place->heard_us) / BUS_SECOND_US);
        else
            bus_pack_nil(out);
    }
}

void readers_write(const struct loop *loop, struct bus_buffer *out)
{
    for (size_t i = 0; i < loop->readers->n; i++)
        bus_buffer_printf(out, "libbus_reader_lag_events{reader=\"%s\"} %lld\n",
                          loop->readers->places[i].name, (long long)lag_of(loop, &loop->readers->places[i]));
}
