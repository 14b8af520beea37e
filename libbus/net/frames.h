/* Whole messages of bounded frames, in and out of a socket. Nothing here blocks. */
#ifndef NET_FRAMES_H
#define NET_FRAMES_H

#include <czmq.h>

#include "bus/bytes.h"
#include "net/quota.h"

/* More frames than any message of ours has: an identity, a route of up to 16, the delimiter, verb and bodies.
 */
#define NET_FRAMES_MAX 24
struct net_frames {
    zmq_msg_t items[NET_FRAMES_MAX];
    size_t n;
};
enum net_read { NET_READ_NOTHING, NET_READ_BROKEN, NET_READ_OK };

/* The next whole message. BROKEN: it had too many frames; those beyond the limit are gone. */
enum net_read net_frames_read(zsock_t *socket, struct net_frames *ret_frames);
void net_frames_done(struct net_frames *self);
struct bus_bytes net_frames_at(const struct net_frames *self, size_t i);

/* False when the message could not be taken on: peer unknown or its queue full. */
bool net_frames_send(zsock_t *socket, const struct bus_bytes *frames, size_t n);
/* It counts against the share until it is on the wire; false also where there is no room in that for it and
 * some to spare. */
bool net_frames_send_counted(zsock_t *socket, const struct bus_bytes *frames, size_t n,
                             struct net_share *share, size_t spare);

#endif
