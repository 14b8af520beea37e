/* Readers outside, as they come through the gateway: each asks for a log by the epoch and number of the last
 * event it read, and keeps no other proof. Who has read what was put back must be told so, and nobody else.
 */
#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "sim_store.h"

#define EVENTS_MAX   4096
#define ASK_AGAIN_US (300 * MS)
#define PAUSE_US     (30 * MS)

static struct outsider {
    const char *stream;
    int64_t epoch, seq;
    int64_t begin;                        /* it has what came after this one */
    struct bus_bytes headers[EVENTS_MAX]; /* by number */
    uint64_t asked;                       /* how often: only the last answer counts */
    int64_t asked_us;
    bool answered, asked_in_calm, confirmed;
} outsiders[2];
static size_t outsiders_n;

/* They change nothing: only where something is put back is there a reason to have them. */
void outsiders_start(void)
{
    static const char *const streams[] = {"source", "relay"};
    outsiders_n = world.rate[FAULT_RESTORE] > 0 ? 2 : 0;
    for (size_t i = 0; i < outsiders_n; i++)
        outsiders[i] = (struct outsider){.stream = streams[i]};
}

static uint64_t tag_of(const struct outsider *self)
{
    return OUTSIDER_TAG + self->asked * 2 + (uint64_t)(self - outsiders);
}

static void ask(struct outsider *self)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    self->asked++;
    self->asked_us = world.now_us;
    self->answered = false;
    self->asked_in_calm = world.calm;
    bus_pack_map(&out, 4);
    bus_pack_text(&out, "req");
    bus_pack_int(&out, (int64_t)self->asked);
    bus_pack_text(&out, "epoch");
    bus_pack_int(&out, self->epoch);
    bus_pack_text(&out, "after");
    bus_pack_int(&out, self->seq);
    bus_pack_text(&out, "max_n");
    bus_pack_int(&out, between(1, 5));
    struct bus_bytes body = bus_buffer_bytes(&out);
    sim_driver_send(self->stream, REACH_LAST, "adapter", "FETCH", tag_of(self), &body, 1);
}

void outsiders_ask(void)
{
    for (size_t i = 0; i < outsiders_n; i++) {
        struct outsider *self = &outsiders[i];
        int64_t pause_us = self->answered ? PAUSE_US : ASK_AGAIN_US;
        if (!self->confirmed && world.now_us - self->asked_us >= pause_us)
            ask(self);
    }
}

/* Whether the log has at this number what was read there. */
static bool stands(const struct outsider *self, int64_t seq)
{
    const struct rows *log = &database_of(self->stream)->tables.of[TABLE_LOG];
    return seq <= (int64_t)log->n && bus_bytes_equal(log->at[seq - 1]->cells[2].as.bytes, self->headers[seq]);
}

static void read_events(struct outsider *self, struct bus_bytes batch)
{
    struct bus_cursor at;
    struct bus_bytes header, data;
    uint32_t n = 0, pair = 0;
    if (!bus_cursor_get(batch, "events", &at) || !bus_cursor_array(&at, &n))
        abort();
    for (; n > 0; n--) {
        if (!bus_cursor_array(&at, &pair) || !bus_cursor_raw(&at, &header) || !bus_cursor_raw(&at, &data) ||
            !bus_cursor_get_int(header, "epoch", &self->epoch) || self->seq + 1 >= EVENTS_MAX)
            abort();
        self->headers[++self->seq] = header;
    }
    self->confirmed = self->asked_in_calm;
}

static void begin_again(struct outsider *self, int64_t after)
{
    self->epoch = 0;
    self->begin = self->seq = after;
}

/* Nothing that it shares with the log may be called lost, and nothing else shared; where that is not kept,
 * nothing is named. */
static void check_where(const struct outsider *self, const char *text)
{
    static const char said[] = "what came after ";
    const char *at = strstr(text, said);
    long long told = at != NULL ? strtoll(at + sizeof said - 1, NULL, 10) : 0;
    int64_t shared = self->seq;
    while (shared > self->begin && !stands(self, shared))
        shared--;
    if (told > 0 && shared > self->begin && told != shared)
        broken("a reader outside of %s at %lld was told that what it shares ends at %lld, not at %lld",
               self->stream, (long long)self->seq, told, (long long)shared);
}

bool outsiders_take(uint64_t tag, const char *verb, const struct bus_bytes body[2])
{
    if (tag < OUTSIDER_TAG)
        return false;
    struct outsider *self = &outsiders[tag % 2];
    const char *code = "";
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    if (tag != tag_of(self) || self->answered || bus_scan_map(body[0], &bus_scan_batch, NULL) != BUS_OK)
        return true; /* to an earlier question, once more, or cut off on the way */
    self->answered = true;
    code = bus_cursor_get_text(body[0], "code", arena, code);
    if (strcmp(verb, "BATCH") == 0) {
        read_events(self, body[0]);
    } else if (strcmp(code, "TRIMMED") == 0) {
        begin_again(self, database_of(self->stream)->tables.head.first_seq - 1);
    } else if (strcmp(code, "DIVERGED") == 0) {
        if (self->seq > self->begin && stands(self, self->seq)) /* else it has read nothing yet */
            broken("a reader outside was told that %s %lld is gone, which is there", self->stream,
                   (long long)self->seq);
        trace("outsider  is told that %s %lld is gone", self->stream, (long long)self->seq);
        check_where(self, bus_cursor_get_text(body[0], "text", arena, ""));
        begin_again(self, 0);
    }
    return true;
}

bool outsiders_settled(void)
{
    for (size_t i = 0; i < outsiders_n; i++)
        if (!outsiders[i].confirmed)
            return false;
    return true;
}

void outsiders_close(void)
{
    for (size_t i = 0; i < outsiders_n; i++) {
        const struct outsider *self = &outsiders[i];
        for (int64_t seq = self->begin + 1; seq <= self->seq; seq++)
            if (!stands(self, seq))
                broken("a reader outside has read %s %lld, which was put back, and was not told",
                       self->stream, (long long)seq);
    }
}
