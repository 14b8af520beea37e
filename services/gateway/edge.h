/* The edge: one thread that holds the HTTP interface, the adapters' door and one client, by which it asks its
 * own loop and all other services. Everything in it happens in that thread; nothing waits. */
#ifndef GATEWAY_EDGE_H
#define GATEWAY_EDGE_H

#include <pthread.h>
#include <stdatomic.h>

#include "bus/client.h"
#include "bus/service.h"

/* Its parts, each of which reaches the others by this. */
struct edge {
    struct bus_client *client;
    struct asking *asking;
    struct auth *auth;
    struct belonging *belonging;
    struct http *http;
    struct streams *streams;
    struct adapters *adapters;
    struct publishing *publishing;
    struct bus_peers *peers;
    /* below: edge.c's */
    pthread_t thread;
    atomic_bool stopping;
    int stop_fd;
};

/* For bus_service: start opens everything and begins the thread, stop ends it. */
enum bus_status edge_start(struct bus_peers *peers, struct bus_error *err);
void edge_stop(void);

#endif
