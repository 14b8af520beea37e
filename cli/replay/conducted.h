/* The conductor's picture of each service, and the superstep. Private to this folder. */
#ifndef CLI_REPLAY_CONDUCTED_H
#define CLI_REPLAY_CONDUCTED_H

#include "replay/conductor.h"

#define CONDUCTED_MAX 16

struct conducted {
    const char *name;
    int64_t head;           /* of its stream */
    int64_t next_timer_us;
    int64_t pending;        /* effects under way */
    int64_t commands;       /* sent, not stepped yet */
    bool follows[CONDUCTED_MAX];
    int64_t upto[CONDUCTED_MAX]; /* what it has been stepped to, per service */
    bool stepping;
    int64_t moved_at; /* the last superstep in which it handled anything */
};

enum input_state { INPUT_TO_SEND, INPUT_SENT, INPUT_DONE, INPUT_REFUSED };
struct input {
    struct conducted *service;
    struct bus_bytes header, data;
    const char *type;
    int64_t number;  /* of the record */
    int64_t events;
    enum input_state state;
    int64_t refused_at; /* the superstep */
    const char *refusal;
};

struct group { /* events for the gateway being gathered */
    struct bus_buffer events;
    size_t n;
    int64_t time_us;
    const char *id;
};

struct conductor {
    struct bus_client *client;
    struct bus_arena *arena;      /* of the answers at hand */
    struct bus_arena *tick_arena;
    struct conducted services[CONDUCTED_MAX];
    size_t services_n;
    struct input *inputs;
    size_t inputs_n, inputs_capacity;
    struct group group;
    struct conductor_counts counts;
};

BUS_CHECKED enum bus_status conducted_learn(struct conductor *self, struct conducted *service, struct bus_error *err);
bool conducted_any_to_do(const struct conductor *self, int64_t now_us);
/* Steps every service that has something to do, at once, and waits for all of them. */
BUS_CHECKED enum bus_status conducted_superstep(struct conductor *self, int64_t now_us, struct bus_error *err);

#endif
