/* The gateway's edge as it is shipped, with no sockets to services: what they answer stands in the input, and
 * each question that the edge lets through to them is checked. */
#ifndef TESTS_FUZZ_EDGE_SCENE_H
#define TESTS_FUZZ_EDGE_SCENE_H

#include "../../services/gateway/edge.h"

/* The input: what somebody sends, then what services answer, in turn, each behind a byte 0xff (which stands
 * in no text). Of an answer the first letter says the verb: R a reply, S the status of a refusal, E an ERR, B
 * a BATCH, T a STATUS, N none ever; the rest is JSON, or bytes as they are. When there is no more the answers
 * are good ones that hold nothing. Who asks whose a token is, is always told: "all", "some" and "few" are
 * tokens. */
struct edge_scene {
    struct edge edge;
    struct bus_arena *arena;
    struct bus_bytes sent;
    struct bus_bytes answers; /* what is left of them */
    struct question *first, **last;
    size_t asked; /* of services, but for tokens */
    bool followed;
    int64_t live; /* events still to be told */
    /* the adapters' door */
    bool served, replied; /* its one request; the reply to that */
    const char *grants, *role;
};

void edge_scene_open(struct edge_scene *self, const uint8_t *data, size_t size);
/* Gives up what is under way, tells who waits, and closes. */
void edge_scene_close(struct edge_scene *self);
/* A turn of the edge; false when nobody had anything to do. */
bool edge_scene_turn(struct edge_scene *self);

#endif
