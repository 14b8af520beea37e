/* What net.c (opening, waiting) and take.c (messages) share. */
#ifndef NET_NET_INTERNAL_H
#define NET_NET_INTERNAL_H

#include "net/allowed.h"
#include "net/net.h"
#include "net/socket.h"
#include "net/topics.h"

/* Messages of no use that one call passes over before it lets the loop go on with other work. */
#define NET_TAKE_MAX 256

struct net_stream {
    char *name;
    char *events;
    char *requests;
    unsigned turn;            /* which of several addresses is asked */
    zsock_t *live;            /* SUB */
    struct net_frames frames; /* last taken from `live` */
    zsock_t *catch_up;        /* DEALER */
    zsock_t *watch;           /* of its handshakes */
};

struct net {
    char *keys_dir;
    zcert_t *cert;
    struct net_allowed *allowed;
    bool guarded; /* counts as a user of the ZAP handler */
    zsock_t *events;
    zsock_t *requests;
    char *events_endpoint;
    char *requests_endpoint;
    struct net_stream *streams;
    size_t streams_n;
    zmq_pollitem_t *items;
    size_t items_capacity;
    struct net_topics topics;
    bool subscribed;
    size_t dropped;
};

#endif
