/* Feeds the state machines of the followed streams with what the sockets bring, and sends what they ask for.
 */
#include <string.h>

#include "app/loop.h"
#include "base/failpoint.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "wire/run.h"

#define LIVE_MAX     200   /* messages of a stream taken at once: some 20,000 events */
#define RETRY_MAX_MS 60000 /* longer nobody can put us off */

static bool is_beat(struct bus_bytes topic)
{
    static const char tail[] = "/HEAD/";
    size_t n = sizeof tail - 1;
    return topic.size >= n && memcmp(topic.data + topic.size - n, tail, n) == 0;
}

/* What breaks the rules is counted, and taken no further than it keeps them. */
static void refuse(struct loop *loop)
{
    loop->metrics.refused++;
}

static void live_run(struct loop *loop, struct source *source, const struct net_frame *frame, int64_t writer)
{
    int64_t from = 0, to = 0, now = bus_clock_monotonic_us();
    struct wire_run run;
    struct bus_bytes header, data;
    if (!bus_cursor_get_int(frame->header, "from", &from) || !bus_cursor_get_int(frame->header, "to", &to) ||
        !wire_run_open(frame->data, from, to, &run)) {
        refuse(loop);
        return;
    }
    while (wire_run_next(&run, &header, &data))
        follow_live(&source->follow, now, writer, run.seq, header, data);
    if (!wire_run_done(&run))
        refuse(loop);
}

static void live(struct loop *loop, struct source *source, const struct net_frame *frame)
{
    int64_t writer = 0, seq = 0;
    if (bus_scan_map(frame->header, &bus_scan_header, NULL) != BUS_OK ||
        !bus_cursor_get_int(frame->header, "writer", &writer))
        refuse(loop);
    else if (!is_beat(frame->topic))
        live_run(loop, source, frame, writer);
    else if (bus_cursor_get_int(frame->header, "seq", &seq))
        follow_head(&source->follow, bus_clock_monotonic_us(), writer, seq);
    else
        refuse(loop);
}

/* In an answer the events are an array. */
static bool run_of(struct bus_bytes array, int64_t from, int64_t to, struct wire_run *ret)
{
    struct bus_cursor at = bus_cursor(array);
    uint32_t n = 0;
    return bus_cursor_array(&at, &n) &&
           wire_run_open(bus_bytes(at.at, (size_t)(at.end - at.at)), from, to, ret) &&
           ret->last - ret->seq == n;
}

static void batch_answer(struct loop *loop, struct source *source, struct bus_bytes body)
{
    int64_t req = 0, writer = 0, head = 0, from = 0, to = 0;
    struct bus_cursor events;
    struct bus_bytes array, header, data;
    struct wire_run run;
    if (!bus_cursor_get_int(body, "req", &req) || !bus_cursor_get_int(body, "writer", &writer) ||
        !bus_cursor_get_int(body, "head", &head) || !bus_cursor_get_int(body, "from", &from) ||
        !bus_cursor_get_int(body, "to", &to) || !bus_cursor_get(body, "events", &events) ||
        !bus_cursor_raw(&events, &array) || !run_of(array, from, to, &run)) {
        refuse(loop);
        return;
    }
    while (wire_run_next(&run, &header, &data))
        follow_batch_event(&source->follow, req, writer, run.seq, header, data);
    if (!wire_run_done(&run))
        refuse(loop);
    bus_failpoint("caught-up");
    follow_batch_end(&source->follow, bus_clock_monotonic_us(), req, writer, head);
}

static void welcome(struct loop *loop, struct source *source, struct bus_bytes body)
{
    int64_t seq = 0, epoch = 0, writer = 0, head = 0;
    if (!bus_cursor_get_int(body, "seq", &seq) || !bus_cursor_get_int(body, "epoch", &epoch) ||
        !bus_cursor_get_int(body, "writer", &writer) || !bus_cursor_get_int(body, "head", &head))
        refuse(loop);
    else
        follow_welcome(&source->follow, bus_clock_monotonic_us(), seq, epoch, writer, head);
    bus_failpoint("greeted");
}

static void refusal(struct loop *loop, struct source *source, struct bus_bytes body)
{
    int64_t retry_ms = 0, req = -1, seq = -1;
    const char *code = "";
    code = bus_cursor_get_text(body, "code", loop->arena, code);
    (void)bus_cursor_get_int(body, "retry_ms", &retry_ms);
    (void)bus_cursor_get_int(body, "req", &req);
    (void)bus_cursor_get_int(body, "seq", &seq);
    retry_ms = retry_ms < 0 ? 0 : retry_ms < RETRY_MAX_MS ? retry_ms : RETRY_MAX_MS;
    follow_refused(&source->follow, bus_clock_monotonic_us(), req, seq, code, retry_ms * 1000);
}

static void answer(struct loop *loop, struct source *source, const struct net_answer *got)
{
    if (strcmp(got->verb, "BATCH") == 0)
        batch_answer(loop, source, got->body);
    else if (bus_scan_map(got->body, &bus_scan_data, NULL) != BUS_OK)
        refuse(loop);
    else if (strcmp(got->verb, "WELCOME") == 0)
        welcome(loop, source, got->body);
    else if (strcmp(got->verb, "ERR") == 0)
        refusal(loop, source, got->body);
}

/* The events of a turn under way stay where they are until it stands: what arrives might sweep them away. */
static bool is_under_way(const struct loop *loop, size_t i)
{
    return loop_read(loop, i) > loop->sources[i].follow.seq;
}

void sources_take(struct loop *loop)
{
    for (size_t i = 0; i < loop->sources_n; i++) {
        struct net_frame frame;
        struct net_answer got;
        if (is_under_way(loop, i))
            continue;
        /* What is more than a turn waits in the socket: a full window would drop it, to be fetched again. One
         * is taken in any case, as a sign of life. Bounded, so that one busy stream cannot hold up the loop.
         */
        struct follow *follow = &loop->sources[i].follow;
        for (int n = 0;
             n < LIVE_MAX && !(n > 0 && follow_plenty(follow)) && net_take_live(loop->net, i, &frame); n++)
            live(loop, &loop->sources[i], &frame);
        while (net_take_answer(loop->net, i, loop->arena, &got))
            answer(loop, &loop->sources[i], &got);
        if (follow->state != FOLLOW_READING && net_shut_out(loop->net, i))
            follow_refused(follow, bus_clock_monotonic_us(), -1, -1, "DENIED", 0);
    }
}

void sources_leave(struct loop *loop)
{
    for (size_t i = 0; i < loop->sources_n; i++)
        net_leave(loop->net, i, is_under_way(loop, i));
}

static bool send_hello(struct loop *loop, size_t i)
{
    const struct follow *follow = &loop->sources[i].follow;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 4);
    bus_pack_text(&out, "proto");
    bus_pack_int(&out, FOLLOW_PROTO);
    bus_pack_text(&out, "epoch");
    bus_pack_int(&out, follow->epoch);
    bus_pack_text(&out, "seq");
    bus_pack_int(&out, follow->seq);
    bus_pack_text(&out, "id");
    bus_pack_text(&out, follow->event_id);
    return net_ask(loop->net, i, "HELLO", bus_buffer_bytes(&out));
}

/* Without an epoch: the HELLO has compared the last event's id. */
static bool send_fetch(struct loop *loop, size_t i, const struct follow_action *action)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 4);
    bus_pack_text(&out, "req");
    bus_pack_int(&out, action->req);
    bus_pack_text(&out, "after");
    bus_pack_int(&out, action->after);
    bus_pack_text(&out, "max_n");
    bus_pack_int(&out, FOLLOW_FETCH_N);
    bus_pack_text(&out, "max_bytes");
    bus_pack_int(&out, FOLLOW_FETCH_BYTES);
    return net_ask(loop->net, i, "FETCH", bus_buffer_bytes(&out));
}

void sources_tell(const struct loop *loop, const struct source *source, struct bus_buffer *out)
{
    const struct follow *follow = &source->follow;
    const char *name = source->name, *own = loop->service->name;
    if (follow->state == FOLLOW_DIVERGED)
        bus_buffer_printf(out, "BUS-DIVERGED: %s does not know event %s at %lld any more; see the runbook",
                          name, follow->event_id, (long long)follow->seq);
    else if (follow->state == FOLLOW_TRIMMED)
        bus_buffer_printf(out,
                          "BUS-TRIMMED: %s no longer has event %lld, the last one that was read, nor maybe "
                          "those after it; see the runbook",
                          name, (long long)follow->seq);
    else if (follow->state == FOLLOW_DENIED)
        bus_buffer_printf(out,
                          "BUS-DENIED: %s refuses the key of %s: put allowed/%s.pub into the key folder of "
                          "%s; see the runbook",
                          name, own, own, name);
    else
        bus_buffer_printf(out, "%s has not answered yet", name);
}

/* A stream that cannot be read is an operator's matter: said once, not every second. */
static void log_state(const struct loop *loop, struct source *source)
{
    if (source->follow.state == source->logged)
        return;
    source->logged = source->follow.state;
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    sources_tell(loop, source, &text);
    if (source->logged == FOLLOW_READING)
        bus_log_info("reading %s from %lld of %lld", source->name, (long long)source->follow.seq,
                     (long long)source->follow.head);
    else if (source->logged != FOLLOW_GREETING)
        bus_log_error("%.*s", (int)text.size, (const char *)text.data);
}

void sources_act(struct loop *loop)
{
    for (size_t i = 0; i < loop->sources_n; i++) {
        struct source *source = &loop->sources[i];
        while (!is_under_way(loop, i)) {
            struct follow_action action = follow_act(&source->follow, bus_clock_monotonic_us());
            if (action.kind == FOLLOW_NOTHING)
                break;
            if (action.kind == FOLLOW_RECONNECT)
                net_reconnect(loop->net, i);
            else if (!(action.kind == FOLLOW_SEND_HELLO ? send_hello(loop, i) : send_fetch(loop, i, &action)))
                follow_unsent(&source->follow, bus_clock_monotonic_us());
        }
        log_state(loop, source);
    }
}

void sources_beat(struct loop *loop)
{
    for (size_t i = 0; i < loop->sources_n; i++) {
        const struct follow *follow = &loop->sources[i].follow;
        if (follow->state != FOLLOW_READING)
            continue;
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        bus_pack_map(&out, 2);
        bus_pack_text(&out, "epoch");
        bus_pack_int(&out, follow->epoch);
        bus_pack_text(&out, "seq");
        bus_pack_int(&out, follow->seq);
        (void)net_ask(loop->net, i, "POS", bus_buffer_bytes(&out)); /* the next beat tells it again */
    }
}
