/* What is no longer so once something else happened: a letter does not contradict itself, and says nothing
 * twice. Pure. */
#ifndef NOTIFICATIONS_MERGING_H
#define NOTIFICATIONS_MERGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/id.h"

struct waiting {
    const char *template;
    struct bus_id about; /* the story it is part of: a proposal, a session, a series, a request */
    int64_t at_us;       /* when that takes place; 0: no such moment */
    bool tried;          /* it may have reached the person already */
    bool again;          /* sent once more: older news than all that waits */
    /* The answer: */
    bool overtaken;
    const char *as; /* the text it gets: its own, or that of what it overtook */
};

/* Judges the messages that wait for one person, in the order they were queued. */
void merging_judge(struct waiting *messages, size_t n, int64_t now_us);

/* Whether a text of the same story is no longer so once `fact` happened: a text, or an event that has none.
 */
bool merging_undoes(const char *fact, const char *template);
/* The text that tells the rest of one that tells of a search, once nobody is searched any more; NULL: it
 * tells of none. */
const char *merging_left_of(const char *template);

#endif
