/* What goes into one letter when several things happened to a person: what overtakes what. Pure. */
#ifndef NOTIFICATIONS_MERGING_H
#define NOTIFICATIONS_MERGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/id.h"

struct waiting {
    const char *template;
    struct bus_id about; /* the meeting, session, series, duo … it is about */
    int64_t at_us;       /* when that takes place; 0: no such moment */
    bool tried;          /* it may have reached the person already */
    /* The answer: */
    bool overtaken;
    const char *as; /* the text it gets: its own, or that of what it overtook */
};

/* Judges the messages that wait for one person, in the order they were queued. */
void merging_judge(struct waiting *messages, size_t n, int64_t now_us);

#endif
