/* A client's live events: one SUB per followed service; what is no event is passed over. */
#include <string.h>

#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/scan.h"
#include "net/cert.h"
#include "net/client_internal.h"

enum bus_status bus_client_follow(struct bus_client *self, const char *name, struct bus_error *err)
{
    struct client_service *service;
    enum bus_status status = client_service_get(self, name, &service, err);
    if (status || service->live)
        return status;
    char key[41], prefix[128];
    status = net_cert_public(self->keys_dir, name, key, err);
    if (status)
        return status;
    snprintf(prefix, sizeof(prefix), "%s/", name);
    const char *const topics[] = {prefix, NULL};
    return net_socket_connect(NET_LIVE, self->cert, key, service->events, 0, topics, &service->live, NULL,
                              err);
}

static bool is_head(const char *service, struct bus_bytes topic)
{
    char head[128];
    snprintf(head, sizeof(head), "%s/HEAD/", service);
    return bus_bytes_equal(topic, bus_bytes_of(head));
}

/* A beat's header has the place in the stream only. */
static bool head_read(struct bus_bytes bytes, struct bus_arena *arena, struct bus_header *ret)
{
    struct bus_cursor stream, epoch, seq;
    *ret = (struct bus_header){0};
    return bus_scan_map(bytes, &bus_scan_header, NULL) == BUS_OK &&
           bus_cursor_get(bytes, "stream", &stream) && bus_cursor_strdup(&stream, arena, &ret->stream) &&
           bus_cursor_get(bytes, "epoch", &epoch) && bus_cursor_int(&epoch, &ret->epoch) &&
           bus_cursor_get(bytes, "seq", &seq) && bus_cursor_int(&seq, &ret->seq);
}

static bool live_read(const char *service, const struct net_frames *frames, struct bus_arena *arena,
                      struct bus_live *ret)
{
    if (frames->n != 3)
        return false;
    struct bus_bytes header = net_frames_at(frames, 1), data = net_frames_at(frames, 2);
    struct bus_live live = {.head = is_head(service, net_frames_at(frames, 0))};
    bool good = live.head ? head_read(header, arena, &live.header)
                          : bus_header_decode(header, arena, &live.header, NULL) == BUS_OK &&
                                bus_scan_map(data, &bus_scan_data, NULL) == BUS_OK;
    if (!good)
        return false;
    live.raw_header = bus_bytes(bus_copy(arena, header.data, header.size), header.size);
    live.data = bus_bytes(bus_copy(arena, data.data, data.size), data.size);
    *ret = live;
    return true;
}

static zsock_t *pick_live(const struct client_service *service)
{
    return service->live;
}

/* One round over the followed services. */
static bool live_take(struct bus_client *self, struct bus_arena *arena, struct bus_live *ret)
{
    for (size_t i = 0; i < self->services_n; i++) {
        size_t at = (self->next + i) % self->services_n;
        if (!self->services[at].live)
            continue;
        enum net_read read;
        do {
            AUTO(net_frames_done) struct net_frames frames;
            read = net_frames_read(self->services[at].live, &frames);
            if (read == NET_READ_OK && live_read(self->services[at].name, &frames, arena, ret)) {
                self->next = at + 1;
                return true;
            }
        } while (read != NET_READ_NOTHING);
    }
    return false;
}

enum bus_status bus_client_next(struct bus_client *self, int timeout_ms, struct bus_arena *arena,
                                struct bus_live *ret_live, struct bus_error *err)
{
    int64_t deadline_us = bus_clock_monotonic_us() + timeout_ms * INT64_C(1000);
    do {
        if (live_take(self, arena, ret_live))
            return BUS_OK;
    } while (client_wait(self, pick_live, deadline_us));
    return bus_fail(err, BUS_RETRY, "no event came within %d ms", timeout_ms);
}
