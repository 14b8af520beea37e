/* What a followed stream sends to the sockets of who follows it: whatever comes, what is ready to be handled
 * is the next event and those behind it, none missing. Messages are parted by a byte 0xff. The first letter
 * says which: L a live frame (its header, a byte 0xfe, its events as an array), H a beat, W a WELCOME, B a
 * BATCH, E an ERR, C that what is ready was handled. JSON stands for the msgpack that it becomes, as bytes do
 * for themselves. */
#include <string.h>

#include "app/loop.h"
#include "bus/cursor.h"
#include "require.h"

static struct {
    char kind; /* 0: it was taken */
    struct bus_bytes text;
    struct bus_arena *arena;
} message;

static struct bus_bytes msgpack_of(struct bus_bytes text)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (bus_json_to_msgpack(text, &bus_scan_batch, &out, NULL) != BUS_OK)
        return text;
    return bus_bytes(bus_copy(message.arena, out.data, out.size), out.size);
}

/* Without its first byte or bytes: a run has its events one after the other. */
static struct bus_bytes items_of(struct bus_bytes array)
{
    struct bus_cursor at = bus_cursor(array);
    uint32_t n = 0;
    return bus_cursor_array(&at, &n) ? bus_bytes(at.at, (size_t)(at.end - at.at)) : array;
}

/* Cuts off what stands before `mark`. */
static struct bus_bytes cut(struct bus_bytes *left, uint8_t mark)
{
    const uint8_t *end = left->size > 0 ? memchr(left->data, mark, left->size) : NULL;
    struct bus_bytes first = bus_bytes(left->data, end != NULL ? (size_t)(end - left->data) : left->size);
    *left = end != NULL ? bus_bytes(end + 1, left->size - first.size - 1) : bus_bytes(NULL, 0);
    return first;
}

/* ---- the sockets */

bool net_take_live(struct net *self, size_t stream, struct net_frame *ret)
{
    (void)self, (void)stream;
    if (message.kind != 'L' && message.kind != 'H')
        return false;
    struct bus_bytes left = message.text, header = cut(&left, 0xfe);
    *ret =
        (struct net_frame){.topic = bus_bytes_of(message.kind == 'H' ? "registry/HEAD/" : "batch/registry/"),
                           .header = msgpack_of(header),
                           .data = items_of(msgpack_of(left))};
    message.kind = 0;
    return true;
}

bool net_take_answer(struct net *self, size_t stream, struct bus_arena *arena, struct net_answer *ret)
{
    (void)self, (void)stream, (void)arena;
    const char *verb = message.kind == 'W'   ? "WELCOME"
                       : message.kind == 'B' ? "BATCH"
                       : message.kind == 'E' ? "ERR"
                                             : NULL;
    message.kind = 0;
    if (verb != NULL)
        *ret = (struct net_answer){.verb = verb, .body = msgpack_of(message.text)};
    return verb != NULL;
}

bool net_ask(struct net *self, size_t stream, const char *verb, struct bus_bytes body)
{
    (void)self, (void)stream;
    require(strcmp(verb, "HELLO") == 0 || strcmp(verb, "FETCH") == 0);
    require(bus_scan_map(body, &bus_scan_header, NULL) == BUS_OK);
    return true;
}

bool net_shut_out(struct net *self, size_t stream)
{
    (void)self, (void)stream;
    return false;
}

void net_reconnect(struct net *self, size_t stream)
{
    (void)self, (void)stream;
}

void net_leave(struct net *self, size_t stream, bool leave)
{
    (void)self, (void)stream, (void)leave;
}

/* ---- who follows */

/* That of libbus needs a loop around it; no turn is ever under way here. */
int64_t loop_read(const struct loop *loop, size_t i)
{
    return loop->sources[i].follow.seq;
}

static size_t check_ready(const struct follow *follow)
{
    const struct follow_event *event;
    size_t n = 0;
    for (; (event = follow_peek(follow, n)) != NULL; n++)
        require(event->seq == follow->seq + 1 + (int64_t)n);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct bus_service service = {.name = "reporting"};
    static struct loop loop;
    struct source source = {.name = "registry"};
    struct bus_bytes left = bus_bytes(data, size);
    int64_t handled = 0;
    message.arena = bus_arena_new();
    loop = (struct loop){.service = &service, .arena = message.arena, .sources = &source, .sources_n = 1};
    follow_init(&source.follow, 1, 0, "", bus_clock_monotonic_us(), 7);
    sources_act(&loop);
    while (left.size > 0) {
        struct bus_bytes text = cut(&left, 0xff);
        message.kind = text.size > 0 ? (char)text.data[0] : 0;
        message.text = text.size > 0 ? bus_bytes(text.data + 1, text.size - 1) : text;
        const size_t ready = check_ready(&source.follow);
        if (message.kind == 'C' && ready > 0) {
            follow_consume(&source.follow, ready, "e");
            handled += (int64_t)ready;
        }
        sources_take(&loop);
        sources_act(&loop);
        (void)check_ready(&source.follow);
        require(source.follow.seq == handled && source.follow.bytes <= FOLLOW_BYTES);
    }
    follow_done(&source.follow);
    bus_arena_free(&message.arena);
    return 0;
}
