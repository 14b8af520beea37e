/* Who reads what is for people, and who of them can be told: from memory, or else from the table. */
#ifndef NOTIFICATIONS_READERS_H
#define NOTIFICATIONS_READERS_H

#include "bus/service.h"
#include "state.h"

/* `readers` has room for n, in the order of `people`; asked_id is nil for whom nobody knows. */
BUS_CHECKED enum bus_status readers_find(struct bus_context *ctx, const struct bus_id *people, size_t n,
                                         struct reader *readers);

/* The way a message goes for who chose `chosen`: mail for a phone while there is no way to send there. */
enum common_channel channel_used(enum common_channel chosen);

#endif
