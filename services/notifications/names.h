/* The names that stand in texts, from the tables into memory. */
#ifndef NOTIFICATIONS_NAMES_H
#define NOTIFICATIONS_NAMES_H

#include "bus/service.h"
#include "state.h"

BUS_CHECKED enum bus_status names_load(struct bus_context *ctx, struct state *state);

#endif
