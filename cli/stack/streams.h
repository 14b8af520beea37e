/* The streams of a stack as its database has them: who follows whom, how far each goes, whether they fit. For
 * a stack whose Postgres runs and whose services do not. */
#ifndef CLI_STACK_STREAMS_H
#define CLI_STACK_STREAMS_H

#include <libpq-fe.h>
#include <stdint.h>

#include "layout.h"

struct streams {
    bool chosen[STACK_SERVICES];
    int64_t heads[STACK_SERVICES]; /* -1: no such stream */
};
void streams_heads(PGconn *connection, struct streams *self);
/* Chooses all that follow one that is chosen, those that follow them, and whose stream is not there. Call
 * streams_heads() first. */
void streams_choose_followers(struct streams *self);

/* The schemas of those chosen, under a name with this behind it, with empty ones in their places. Each of
 * the three happens whole or not at all, so that what was there is always found again: what is aside was
 * never replaced. */
#define STREAMS_ASIDE "_before_repair"
BUS_CHECKED enum bus_status streams_put_aside(PGconn *connection, const struct streams *self,
                                              struct bus_arena *arena, struct bus_error *err);
BUS_CHECKED enum bus_status streams_put_back(PGconn *connection, struct bus_arena *arena,
                                             struct bus_error *err);
BUS_CHECKED enum bus_status streams_drop_aside(PGconn *connection, struct bus_arena *arena,
                                               struct bus_error *err);

/* Raises the epoch of those chosen: what they say from now on is another history than what they had said
 * after the backup that was put back, to whoever read that. A stream that is not there is an error. */
BUS_CHECKED enum bus_status streams_raise(PGconn *connection, const struct streams *self,
                                          struct bus_error *err);
/* Takes back what readers told their sources before they were put back: what they are to read again is not to
 * be trimmed. */
BUS_CHECKED enum bus_status streams_readers_back(PGconn *connection, const struct streams *self,
                                                 struct bus_error *err);
/* BUS_CONFLICT names a reader whose last event is not in the log it follows. */
BUS_CHECKED enum bus_status streams_fit(PGconn *connection, const struct stack *stack, struct bus_error *err);

#endif
