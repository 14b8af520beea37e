/* Ids of the contacts that were logged last, so that a new one is known to be new without asking the
 * database: a question in the midst of a turn costs a round trip, and the rows gathered until then leave in
 * small batches. */
#ifndef LOGGED_H
#define LOGGED_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/id.h"

#define LOGGED_MAX 1024 /* more than are logged in a day */

/* The greatest ids, ascending: those that were made last. While there is room it is all of them. */
struct logged {
    struct bus_id ids[LOGGED_MAX];
    size_t n;
};

/* In any order. */
void logged_add(struct logged *self, struct bus_id id);
/* Whether it is known that this one was never logged; of others the database knows. */
bool logged_never(const struct logged *self, struct bus_id id);

#endif
