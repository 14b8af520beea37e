/* The tables of messages, and with it what waits in memory: both change together. */
#ifndef NOTIFICATIONS_MESSAGE_STORE_H
#define NOTIFICATIONS_MESSAGE_STORE_H

#include "bus/service.h"
#include "state.h"

/* Into memory, from the table of what waits. */
BUS_CHECKED enum bus_status messages_load(struct bus_context *ctx, struct state *state);

/* A new one, which waits: a copy is kept. */
BUS_CHECKED enum bus_status message_add(struct bus_context *ctx, const struct message *message);
/* Writes the row of one that waits and was changed in place; that it travels is not written. */
BUS_CHECKED enum bus_status message_change(struct bus_context *ctx, const struct message *message);
/* From the tables, also when it has ended. BUS_NOT_FOUND when there is none. */
BUS_CHECKED enum bus_status message_get(struct bus_context *ctx, struct bus_id message_id,
                                        struct message *ret_message);
/* Records and says how it ended, and forgets it: `merged` counts what went in its letter, itself included. */
BUS_CHECKED enum bus_status message_sent(struct bus_context *ctx, struct message *message, int64_t merged);
BUS_CHECKED enum bus_status message_merged(struct bus_context *ctx, struct message *message,
                                           struct bus_id letter_id);
BUS_CHECKED enum bus_status message_failed(struct bus_context *ctx, struct message *message, int64_t attempts,
                                           enum notifications_fail_reason reason);
BUS_CHECKED enum bus_status message_dropped(struct bus_context *ctx, struct message *message,
                                            enum notifications_drop_reason reason);
/* From a row of the queries of both; its texts are in the arena. */
struct message message_row(struct bus_context *ctx, const struct bus_rows *rows, int row);

#endif
