/* See frames.h. */
#include "net/frames.h"

#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

#define FRAME_BYTES 128 /* what libzmq needs for one, beside its content */

static bool part_read(void *handle, zmq_msg_t *part)
{
    zmq_msg_init(part);
    while (zmq_msg_recv(part, handle, ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() == EINTR)
            continue;
        zmq_msg_close(part);
        return false;
    }
    return true;
}

/* The frames beyond the limit are read too, one at a time, so that the next message begins at its beginning.
 */
static void rest_skip(void *handle)
{
    zmq_msg_t part;
    bool more = true;
    while (more && part_read(handle, &part)) {
        more = zmq_msg_more(&part);
        zmq_msg_close(&part);
    }
}

enum net_read net_frames_read(zsock_t *socket, struct net_frames *ret_frames)
{
    void *handle = zsock_resolve(socket);
    ret_frames->n = 0;
    while (ret_frames->n < NET_FRAMES_MAX) {
        zmq_msg_t *part = &ret_frames->items[ret_frames->n];
        if (!part_read(handle, part))
            break;
        ret_frames->n++;
        if (!zmq_msg_more(part))
            return NET_READ_OK;
    }
    if (ret_frames->n == 0)
        return NET_READ_NOTHING;
    rest_skip(handle);
    return NET_READ_BROKEN;
}

void net_frames_done(struct net_frames *self)
{
    while (self->n > 0)
        zmq_msg_close(&self->items[--self->n]);
}

struct bus_bytes net_frames_at(const struct net_frames *self, size_t i)
{
    zmq_msg_t *part = (zmq_msg_t *)&self->items[i]; /* libzmq asks for a writable one and only reads */
    return bus_bytes(zmq_msg_data(part), zmq_msg_size(part));
}

/* The first frame decides for the message: no other is refused. */
static bool frames_send(void *handle, const struct bus_bytes *frames, size_t n, int more)
{
    for (size_t i = 0; i < n; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < n ? ZMQ_SNDMORE : more);
        int sent;
        do
            sent = zmq_send(handle, frames[i].data, frames[i].size, flags);
        while (sent < 0 && zmq_errno() == EINTR);
        if (sent < 0)
            return false;
    }
    return true;
}

bool net_frames_send(zsock_t *socket, const struct bus_bytes *frames, size_t n)
{
    return frames_send(zsock_resolve(socket), frames, n, 0);
}

/* The last frame of a message, which libzmq frees after the others. */
struct counted {
    struct net_share *share;
    size_t whole; /* of the message */
    uint8_t content[];
};

static void counted_free(void *content, void *hint)
{
    (void)content;
    struct counted *self = hint;
    net_share_give(self->share, self->whole);
    free(self);
}

static void counted_init(zmq_msg_t *ret, struct bus_bytes content, struct net_share *share, size_t whole)
{
    struct counted *counted = malloc(sizeof(*counted) + content.size);
    if (!counted)
        bus_die("out of memory: no room for a message");
    *counted = (struct counted){.share = share, .whole = whole};
    if (content.size)
        memcpy(counted->content, content.data, content.size);
    if (zmq_msg_init_data(ret, counted->content, content.size, counted_free, counted) != 0)
        bus_die("out of memory: no room for a message");
}

bool net_frames_send_counted(zsock_t *socket, const struct bus_bytes *frames, size_t n,
                             struct net_share *share, size_t spare)
{
    void *handle = zsock_resolve(socket);
    size_t whole = 0;
    for (size_t i = 0; i < n; i++)
        whole += frames[i].size + FRAME_BYTES;
    if (!net_share_take(share, whole, spare))
        return false;
    zmq_msg_t last;
    counted_init(&last, frames[n - 1], share, whole);
    bool sent = frames_send(handle, frames, n - 1, ZMQ_SNDMORE);
    while (sent && zmq_msg_send(&last, handle, ZMQ_DONTWAIT) < 0)
        sent = zmq_errno() == EINTR;
    if (!sent)
        zmq_msg_close(&last);
    return sent;
}
