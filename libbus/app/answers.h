/* The answers to commands: kept with the turn, so that a repetition gets the first one's, also within one
 * batch. */
#ifndef APP_ANSWERS_H
#define APP_ANSWERS_H

#include "app/turn.h"

/* Begins a turn: which of the commands were answered before, and which come twice in this batch. */
BUS_CHECKED enum bus_status answers_find(struct bus_turn *turn, struct item *items, size_t n,
                                         struct bus_error *err);
/* Whether this command is a repetition, and so has its answer. */
bool answers_repeat(struct bus_turn *turn, struct item *item);
/* The command was handled: what it was answered. */
BUS_CHECKED enum bus_status answers_keep(struct bus_turn *turn, struct item *item, struct bus_error *err);

#endif
