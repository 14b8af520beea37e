/* Commands that have arrived and wait for the next turn. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "app/loop.h"

/* COMMAND: takes one in, or refuses it. */
void commands_request(struct loop *loop, const struct net_request *request);
/* Whether one more of that size may wait: there is a limit to their number and to their bytes together. */
bool commands_have_room(const struct loop *loop, size_t bytes);
/* Behind all that wait. */
void commands_add(struct loop *loop, struct command *command);
/* It is over, and whoever was not told already to ask elsewhere is told its answer. */
void commands_answer(struct loop *loop, struct command *command, const struct bus_bytes reply[2]);
void commands_refuse(struct loop *loop, struct command *command, const struct bus_error *why);
void commands_remove(struct loop *loop, struct command *command);
/* One that waits too long for what it was written after, or for the database, is given back; all of them once
 * another process may have the stream. */
void commands_give_back(struct loop *loop);

#endif
