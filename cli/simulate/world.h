/* What a simulation makes: the messages that adapters and coordinators would have sent, each at its moment.
 */
#ifndef CLI_SIMULATE_WORLD_H
#define CLI_SIMULATE_WORLD_H

#include <stdint.h>

#include "bus/arena.h"
#include "bus/codec.h"
#include "log/logfile.h"

#include <jansson.h>

struct world {
    struct bus_arena *arena;
    const char *partnership;
    const char *actor;
    uint64_t seed;
    struct sent *sent;
    size_t sent_n, sent_capacity;
    size_t people_n; /* of the histories before: each has phone numbers of its own */
    json_t *kept;    /* parameters, whose texts the messages may borrow */
};

void world_init(struct world *self, uint64_t seed);
void world_done(struct world *self);
/* A moment on a day (days since 1970), at an hour of Belgian office time told as UTC, with minutes. */
int64_t world_at(int32_t day, int hour, int minute);
/* An id for the n-th thing of that name in the partnership; the same in every run with this seed. */
struct bus_id world_id(struct world *self, int64_t time_us, const char *what, int64_t n);
/* Sends a command, or an adapter's event when `type` is one. The parameters are wrong when it breaks its
 * schema. */
void world_send(struct world *self, int64_t time_us, const struct bus_type *type, const void *value);
/* A log of all of it in order of time, as sent among equals. */
BUS_CHECKED enum bus_status world_write(struct world *self, const char *path, const struct logfile_info *info,
                                        struct bus_error *err);

#endif
