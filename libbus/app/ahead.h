/* One turn ahead. At most one turn is under way: sent, and its COMMIT not answered. Nothing of it is
 * published, answered or forgotten before it stands; when it does not come to stand, what was begun behind it
 * is undone with it; and whatever else needs the database waits for it first.
 *
 * Meanwhile the handlers of the next turn may run, so that neither the database nor we wait for the other. */
#ifndef APP_AHEAD_H
#define APP_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/status.h"

struct bus_turn;
struct loop;

/* Whether the next turn may begin behind the one under way: there is enough to do. */
bool ahead_is_worth_it(struct loop *loop);
/* Whether this turn, once sent, may be left under way. */
bool ahead_allowed(const struct loop *loop, const struct bus_turn *turn);
/* Waits for the turn under way, if there is one, and carries it out; when it failed by one of its messages,
 * runs them one by one. `ret_undone` (else NULL) is for who has begun the next turn behind it: whether that
 * went with it, or with its connection. */
BUS_CHECKED enum bus_status ahead_settle(struct loop *loop, bool *ret_undone, struct bus_error *err);

#endif
