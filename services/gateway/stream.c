/* See stream.h. The log is read by FETCH, always; a live frame only tells that there is more of it, so that
 * nothing is lost, doubled or kept here for a slow reader. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "cloud.h"
#include "input.h"
#include "routes.h"
#include "stream_query.h"

#define FETCH_BYTES 262144
#define BEAT_US     (10 * BUS_SECOND_US)
#define STREAMS_MAX 200
#define TRUST_US    (2 * BUS_SECOND_US) /* before its token is asked after again */

struct stream {
    struct call *call;
    struct streams *streams;
    const char *service;
    int64_t seq;   /* the last one sent, or passed over; STREAM_END until that is known */
    int64_t epoch; /* that one was written in; 0 until that is known */
    int64_t head;  /* as far as is known */
    int64_t limit;
    int64_t beat_us;
    int64_t trusted_us; /* when its token was known to count */
    bool live;
    bool look; /* at its log, though nothing is known to be new: a log that was put back says nothing, and
                * one that could not be read may hold what is not known */
    struct stream *next, *before;
};

struct streams {
    struct bus_client *client;
    struct bus_arena *arena;
    struct stream *first;
    size_t n;
    bool followed; /* any service */
};

struct streams *streams_new(struct bus_client *client)
{
    struct streams *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for streams");
    *self = (struct streams){.client = client, .arena = bus_arena_new()};
    return self;
}

void streams_free(struct streams **self_p)
{
    if (*self_p == NULL)
        return;
    bus_arena_free(&(*self_p)->arena);
    free(*self_p);
    *self_p = NULL;
}

void streams_metrics(const struct streams *self, struct bus_buffer *out)
{
    bus_buffer_printf(out,
                      "# HELP koppel_edge_streams logs being followed live\n"
                      "# TYPE koppel_edge_streams gauge\nkoppel_edge_streams %zu\n",
                      self->n);
}

/* ---- fetching */

static void fetch(struct stream *self, answer_fn *then)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 5);
    bus_pack_text(&out, "req");
    bus_pack_int(&out, 1);
    bus_pack_text(&out, "epoch");
    bus_pack_int(&out, self->epoch);
    bus_pack_text(&out, "after");
    bus_pack_int(&out, self->seq);
    bus_pack_text(&out, "max_n");
    bus_pack_int(&out, self->limit);
    bus_pack_text(&out, "max_bytes");
    bus_pack_int(&out, FETCH_BYTES);
    struct bus_frames request = {.verb = "FETCH", .body = {bus_buffer_bytes(&out)}, .body_n = 1};
    call_ask(self->call, self->service, &request, then);
}

/* What an event says itself comes first: its header has this from what it follows from, or not at all. */
static const char *value_of(struct bus_bytes header, struct bus_bytes data, const char *name,
                            struct bus_arena *arena)
{
    const char *said = bus_cursor_get_text(data, name, arena, NULL);
    return said != NULL ? said : bus_cursor_get_text(header, name, arena, NULL);
}

static bool may_see(const struct stream *self, struct bus_bytes header, struct bus_bytes data,
                    struct bus_arena *arena)
{
    const struct who *who = self->call->who;
    return !who_limited(who) || (who_covers_partnership(who, value_of(header, data, "partnership", arena)) &&
                                 who_covers_nis(who, value_of(header, data, "nis", arena)));
}

typedef void event_fn(struct bus_buffer *out, const struct stream *self, const struct bus_buffer *json);

/* Appends the events of a batch, each as `write` does, and moves on; false when the batch cannot be read. */
static bool read_batch(struct stream *self, const struct answer *answer, event_fn *write,
                       struct bus_buffer *out)
{
    AUTO(bus_buffer_done) struct bus_buffer json = {0};
    struct bus_cursor at;
    struct bus_bytes header, data;
    uint32_t n = 0, pair = 0;
    if (!bus_cursor_get(answer->data, "events", &at) || !bus_cursor_array(&at, &n))
        return false;
    for (; n > 0; n--) {
        if (!bus_cursor_array(&at, &pair) || pair != 2 || !bus_cursor_raw(&at, &header) ||
            !bus_cursor_raw(&at, &data))
            return false;
        (void)bus_cursor_get_int(header, "seq", &self->seq);
        (void)bus_cursor_get_int(header, "epoch", &self->epoch);
        if (!may_see(self, header, data, answer->arena))
            continue;
        bus_buffer_clear(&json);
        if (cloud_write(header, data, &json, NULL) != BUS_OK)
            return false;
        write(out, self, &json);
    }
    (void)bus_cursor_get_int(answer->data, "head", &self->head);
    if (self->seq == STREAM_END)
        self->seq = self->head;
    if (self->epoch == 0) /* there was none: it tells that of the log's last event */
        (void)bus_cursor_get_int(answer->data, "epoch", &self->epoch);
    return true;
}

static bool is_batch(const struct answer *answer)
{
    return answer->status == BUS_OK && answer->verb != NULL && strcmp(answer->verb, "BATCH") == 0;
}

static void refuse(struct call *call, const struct answer *answer)
{
    if (answer->status == BUS_NOT_FOUND)
        call_problem(call, 410, NULL, "%s",
                     answer->text[0] != '\0' ? answer->text : "these events are in the log no more");
    else
        call_refuse(call, answer);
}

/* ---- a page */

static void write_item(struct bus_buffer *out, const struct stream *self, const struct bus_buffer *json)
{
    (void)self;
    bus_buffer_text(out, out->size > 1 ? ",\n" : "\n");
    bus_buffer_add(out, json->data, json->size);
}

static void on_page(void *context, const struct answer *answer)
{
    struct call *call = context;
    struct stream *self = call->state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_buffer_text(&out, "[");
    if (!is_batch(answer) || !read_batch(self, answer, write_item, &out)) {
        refuse(call, answer);
        return;
    }
    bus_buffer_text(&out, "\n]\n");
    call_set(call, "Koppel-Head", bus_printf(call->arena, "%lld", (long long)self->head));
    const char *next = bus_printf(call->arena, "%lld:%lld", (long long)self->epoch, (long long)self->seq);
    call_set(call, "Koppel-Next", next);
    if (self->seq < self->head)
        call_set(call, "Link",
                 bus_printf(call->arena, "</v1/events?stream=%s&after=%s&limit=%lld>; rel=\"next\"",
                            self->service, next, (long long)self->limit));
    call_reply(call, 200, "application/cloudevents-batch+json", bus_buffer_bytes(&out));
}

/* ---- live */

static void write_event(struct bus_buffer *out, const struct stream *self, const struct bus_buffer *json)
{
    bus_buffer_printf(out, "id: %lld:%lld\ndata: ", (long long)self->epoch, (long long)self->seq);
    bus_buffer_add(out, json->data, json->size);
    bus_buffer_text(out, "\n\n");
}

static void on_more(void *context, const struct answer *answer);

static bool wants_more(const struct stream *self)
{
    return self->look || self->seq < self->head;
}

static void fetch_more(struct stream *self)
{
    self->look = false;
    fetch(self, on_more);
}

/* Whose token was revoked meanwhile is sent nothing more. */
static void on_token(struct call *call, bool counts)
{
    struct stream *self = call->state;
    self->trusted_us = bus_clock_monotonic_us();
    if (!counts)
        feed_end(call, true);
    else if (call->feed->waiting && wants_more(self))
        fetch_more(self);
}

static bool ask_again(struct stream *self)
{
    bool due = bus_clock_monotonic_us() - self->trusted_us >= TRUST_US;
    if (due)
        auth_again(self->call, on_token);
    return due;
}

static void on_hungry(struct call *call)
{
    struct stream *self = call->state;
    if (!call->asking && !ask_again(self) && wants_more(self))
        fetch_more(self);
}

static void on_more(void *context, const struct answer *answer)
{
    struct call *call = context;
    struct stream *self = call->state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    int64_t before = self->seq;
    if (is_batch(answer) && read_batch(self, answer, write_event, &out)) {
        if (out.size > 0)
            feed_add(call, out.data, out.size);
        else if (self->seq > before && self->seq < self->head)
            on_hungry(call); /* all of these were for others */
    } else if (answer->status == BUS_RETRY) {
        self->look = true; /* the service is busy or away: the next word on its token asks again */
    } else {
        feed_end(call, false);
    }
}

static void on_gone(struct call *call)
{
    struct stream *self = call->state;
    if (self->before != NULL)
        self->before->next = self->next;
    else
        self->streams->first = self->next;
    if (self->next != NULL)
        self->next->before = self->before;
    self->streams->n--;
}

static void on_first(void *context, const struct answer *answer)
{
    struct call *call = context;
    struct stream *self = call->state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    bus_buffer_text(&out, "retry: 1000\n\n");
    if (!is_batch(answer) || !read_batch(self, answer, write_event, &out)) {
        refuse(call, answer);
        return;
    }
    if (bus_client_follow(call->edge->client, self->service, &err) != BUS_OK) {
        call_problem(call, 503, NULL, "this stream cannot be followed at the moment");
        return;
    }
    struct streams *streams = self->streams;
    streams->followed = true;
    self->next = streams->first;
    if (streams->first != NULL)
        streams->first->before = self;
    streams->first = self;
    streams->n++;
    self->beat_us = self->trusted_us = bus_clock_monotonic_us();
    call_feed(call, "text/event-stream", MHD_SIZE_UNKNOWN, on_hungry, on_gone);
    feed_add(call, out.data, out.size);
}

bool streams_take(struct streams *self)
{
    struct bus_live live;
    bool any = false;
    while (self->followed && bus_client_next(self->client, 0, self->arena, &live, NULL) == BUS_OK) {
        any = true;
        for (struct stream *stream = self->first, *next; stream != NULL; stream = next) {
            next = stream->next;
            if (live.header.stream == NULL || strcmp(stream->service, live.header.stream) != 0 ||
                live.header.seq <= stream->seq)
                continue;
            stream->head = live.header.seq > stream->head ? live.header.seq : stream->head;
            if (stream->call->feed->waiting)
                on_hungry(stream->call);
        }
        bus_arena_reset(self->arena);
    }
    return any;
}

/* Also how a reader who has left is noticed, and one who may read no longer. */
void streams_tick(struct streams *self)
{
    int64_t now_us = bus_clock_monotonic_us();
    for (struct stream *stream = self->first, *next; stream != NULL; stream = next) {
        next = stream->next;
        if (!stream->call->asking && !stream->call->feed->ended)
            ask_again(stream);
        if (now_us - stream->beat_us < BEAT_US || !stream->call->feed->waiting)
            continue;
        stream->beat_us = now_us;
        stream->look = true;
        feed_add(stream->call, ": here\n\n", 8);
    }
}

/* ---- the call */

void events_get(struct call *call)
{
    struct stream_query query;
    if (!stream_query_read(call, &query))
        return;
    if (query.live && call->edge->streams->n >= STREAMS_MAX) {
        call_problem(call, 503, NULL,
                     "too many streams are being followed: try again later, or read page by page");
        return;
    }
    struct stream *self = bus_alloc(call->arena, sizeof *self);
    *self = (struct stream){.call = call,
                            .streams = call->edge->streams,
                            .service = query.service,
                            .seq = query.after,
                            .epoch = query.epoch,
                            .limit = query.limit,
                            .live = query.live};
    call->state = self;
    const char *scope = bus_printf(call->arena, "stream-%s", self->service);
    if (auth_scope(call, scope, scope))
        fetch(self, self->live ? on_first : on_page);
}
