/* The conductor's picture of each service, and the superstep. Private to this folder. */
#ifndef CLI_REPLAY_CONDUCTED_H
#define CLI_REPLAY_CONDUCTED_H

#include "replay/conductor.h"

#define CONDUCTED_MAX 16
#define HEEDED_MAX    128

struct conducted {
    const char *name;
    int64_t head; /* of its stream */
    int64_t next_timer_us;
    int64_t pending;  /* effects under way */
    int64_t commands; /* sent, not stepped yet */
    bool follows[CONDUCTED_MAX];
    bool asks[CONDUCTED_MAX];    /* its effects ask these services */
    bool followed;               /* by any other */
    bool timeless;               /* has neither timers nor effects */
    int64_t upto[CONDUCTED_MAX]; /* what it has been stepped to, per service */
    int64_t last[CONDUCTED_MAX]; /* up to where there may be events that it handles, per service */
    const struct bus_type *heeds[HEEDED_MAX]; /* the events it handles */
    size_t heeds_n;
    bool stepping;
    bool held;        /* answers from what stood before its step */
    int holds;        /* HOLDs that are not answered yet */
    bool trailing;    /* this step is not waited for */
    bool awaited;     /* it refused a command in this tick, whose cause may be on its way */
    int64_t moved_at; /* the last superstep in which it handled anything */
};

enum input_state { INPUT_TO_SEND, INPUT_SENT, INPUT_DONE, INPUT_REFUSED };
struct input {
    struct conducted *service;
    struct bus_bytes header, data;
    const char *type;
    int64_t number; /* of the record */
    int64_t events;
    enum input_state state;
    int64_t refused_at; /* the superstep */
    const char *refusal;
};

struct group { /* events for the gateway being gathered */
    struct bus_buffer events;
    size_t n;
    int64_t time_us;
    int64_t number; /* of the first record */
    const char *id;
};

struct conductor {
    struct bus_client *client;
    struct bus_arena *arena; /* of the answers at hand */
    struct bus_arena *tick_arena;
    struct conducted services[CONDUCTED_MAX];
    size_t services_n;
    int64_t now_us; /* how far any of them had come before */
    struct input *inputs;
    size_t inputs_n, inputs_capacity;
    struct group group;
    struct conductor_counts counts;
};

BUS_CHECKED enum bus_status conducted_learn(struct conductor *self, struct conducted *service,
                                            struct bus_error *err);
/* Takes in what its step said, up to its head. False: in words we do not know. */
bool conducted_said(struct conductor *self, size_t index, struct bus_bytes body);
bool conducted_any_to_do(const struct conductor *self, int64_t now_us);
/* Steps every service that has something to do and that others follow, or that has got commands, at once, and
 * waits for all of them. */
BUS_CHECKED enum bus_status conducted_superstep(struct conductor *self, int64_t now_us,
                                                struct bus_error *err);
/* When the rest are at rest: lets those that nobody follows come after, while the next tick begins. */
BUS_CHECKED enum bus_status conducted_trail(struct conductor *self, int64_t now_us, struct bus_error *err);
/* At the end: everything that was put off, by all of them. */
BUS_CHECKED enum bus_status conducted_settle(struct conductor *self, int64_t now_us, struct bus_error *err);

#endif
