/* A calendar as RFC 5545 text. Every date is an event of its own in UTC, so summer time is settled before it
 * gets here and no program that reads it has to know our time zones. It has no METHOD: so DTSTAMP tells when
 * an event changed last, and the text is the same until something changes. Pure. */
#ifndef SCHEDULING_CALENDAR_H
#define SCHEDULING_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/id.h"

struct calendar_entry {
    struct bus_id id; /* stable: the calendar program knows the event by it */
    const char *title;
    const char *venue; /* NULL: not told */
    int64_t at_us;
    int64_t duration_minutes;
    bool cancelled;
    int64_t revision;
    int64_t changed_us;
};

/* With CRLF line ends and folded lines, in the arena; the same for the same entries. */
const char *calendar_write(struct bus_arena *arena, const struct calendar_entry *entries, size_t n);

#endif
