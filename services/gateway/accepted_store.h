/* The table of every event ever taken in: the memory that makes a repetition harmless. */
#ifndef GATEWAY_ACCEPTED_STORE_H
#define GATEWAY_ACCEPTED_STORE_H

#include "bus/service.h"

#define ACCEPTED_DIGEST 32

struct accepted {
    const char *source;
    const char *id;
    uint8_t digest[ACCEPTED_DIGEST];
    int64_t seq; /* 0: not accepted before */
};

/* Fills `seq` of those of the `n` events that were accepted before with equal content. BUS_CONFLICT names one
 * that was accepted with other content, in the table or among the `n` themselves. */
BUS_CHECKED enum bus_status accepted_find(struct bus_context *ctx, struct accepted *events, size_t n);
BUS_CHECKED enum bus_status accepted_put(struct bus_context *ctx, const struct accepted *event);

#endif
