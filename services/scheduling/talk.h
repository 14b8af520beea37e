/* When an acquaintance talk is, as long as nobody chose. Pure. */
#ifndef SCHEDULING_TALK_H
#define SCHEDULING_TALK_H

#include <stddef.h>
#include <stdint.h>

#include "schema/common.h"

#define TALK_AFTER_DAYS 5
#define TALK_MINUTES    60

/* On the Belgian clock, at least five days after `accepted_us`: the first part of the week that the two
 * share (enum common_slot), at ten, two or seven; without any, the first weekday at two in the afternoon.
 * Never on a public holiday. */
int64_t talk_slot_us(int64_t accepted_us, const int *shared, size_t shared_n);

#endif
