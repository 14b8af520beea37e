/* When an acquaintance talk is, as long as nobody chose. Pure. */
#ifndef SCHEDULING_TALK_H
#define SCHEDULING_TALK_H

#include <libical/ical.h>
#include <stdint.h>

#define TALK_AFTER_DAYS 5
#define TALK_HOUR       14
#define TALK_MINUTES    60

/* The first weekday that is at least five days after `accepted_us`, at two in the afternoon on the clock of
 * `zone`. */
int64_t talk_slot_us(icaltimezone *zone, int64_t accepted_us);

#endif
