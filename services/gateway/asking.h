/* Asking services: requests under way, who waits for which answer, and until when. */
#ifndef GATEWAY_ASKING_H
#define GATEWAY_ASKING_H

#include "bus/client.h"
#include "bus/codec.h"
#include "bus/header.h"
#include "bus/service.h"

struct asking;

/* What came back. Borrowed until the function that gets it returns. */
struct answer {
    enum bus_status status; /* of the reply; RETRY also when the service could not be reached */
    bool timed_out;         /* nothing came in time: whether it was done is unknown */
    const char *verb;       /* "REPLY", "BATCH", "STATUS", "ERR"; NULL when nothing came */
    const char *text;       /* of a refusal; "" */
    const char *code;       /* "BUS-BUSY"; "" */
    int64_t seq;            /* of a reply: how far the service's stream stood; 0: it does not say */
    struct bus_faults faults;
    struct bus_bytes data; /* of a reply; of another verb its one body */
    struct bus_arena *arena;
};
typedef void answer_fn(void *context, const struct answer *answer);

struct asking *asking_new(struct bus_client *client);
/* Forgets those who wait; asking_end() before it tells them. */
void asking_free(struct asking **self_p);

/* Asks, and later calls `then` exactly once, never from within. */
void asking_ask(struct asking *self, const char *service, const struct bus_frames *request, answer_fn *then,
                void *context);
/* A command or query of that type: `data` is its msgpack. What the header lacks is filled in. */
void asking_request(struct asking *self, const struct bus_type *type, const struct bus_header *header,
                    struct bus_bytes data, answer_fn *then, void *context);
/* Has a request of header->actor answered after what they were told in the last seconds; see told.h. For what
 * comes from outside alone: what we ask on the way keeps the order in which it was asked. */
void asking_after_told(const struct asking *self, struct bus_header *header);
/* A command that is refused unless it was done before: its answer of then, or NOT_FOUND. Waits for a short
 * time only. */
void asking_repeat(struct asking *self, const struct bus_type *type, const struct bus_header *header,
                   struct bus_bytes data, answer_fn *then, void *context);
/* The reply as a struct of the type's, or NULL when it is none: the service broke its promise. */
const void *answer_decode(const struct answer *answer, const struct bus_type *type);

/* Hands out the answers that have come; false when there were none. */
bool asking_take(struct asking *self);
/* Gives up what waited too long. */
void asking_expire(struct asking *self);
/* Gives up all that is under way, so that each who waits is told, and is done with. NULL is fine. */
void asking_end(struct asking *self);
void asking_metrics(const struct asking *self, struct bus_buffer *out);

#endif
