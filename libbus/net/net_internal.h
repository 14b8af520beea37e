/* What net.c (opening, saying), wait.c (waiting) and take.c (messages) share. */
#ifndef NET_NET_INTERNAL_H
#define NET_NET_INTERNAL_H

#include "net/allowed.h"
#include "net/frames.h"
#include "net/net.h"
#include "net/socket.h"
#include "net/topics.h"

/* Messages of no use that one call passes over before it lets the loop go on with other work. */
#define NET_TAKE_MAX 256

struct net_stream {
    char *name;
    char *events;
    char *requests;
    zsock_t *live;                   /* SUB */
    struct net_frames frames;        /* last taken from `live` */
    zsock_t *catch_up;               /* DEALER */
    zsock_t *watch;                  /* of its handshakes */
    bool live_empty, catch_up_empty; /* as requests_empty */
    bool left;                       /* not waited for, nor looked at */
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
    struct net_frames taken; /* the last request */
    struct net_stream *streams;
    size_t streams_n;
    /* Nothing was there when it was looked at or read, and nothing was sent since: its descriptor will tell
     * of what comes. */
    bool events_empty, requests_empty;
    struct pollfd *fds;
    size_t fds_capacity;
    struct net_topics topics;
    bool subscribed;
    size_t dropped;
};

/* Takes what the XPUB tells of those who begin to follow it. */
void net_subscriptions_take(struct net *self);

#endif
