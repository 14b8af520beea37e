/* The rules of waiting, proposals and duos in time. Pure: no clock, no rows, no state. */
#ifndef MATCHING_LIFECYCLE_H
#define MATCHING_LIFECYCLE_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/clock.h"
#include "days/days.h"
#include "schema/matching.h"

/* Days on the calendar from one moment to a later one, whatever the hour, as the schemas count them: 0 to
 * 36,500. */
int64_t days_between(int64_t from_us, int64_t until_us);

/* Who wants another match after a duo, where nobody said: the newcomer unless they have reached their goal,
 * moved or found work or study; the volunteer always, as it was offered before. */
bool newcomer_returns_by_default(enum common_stop_reason reason);

/* When proposals are made next, for a programme with rounds: at whole multiples of the interval, so that
 * every programme with rounds of a day has them at the same hour. `every_us` above 0. */
int64_t next_round_us(int64_t now_us, int64_t every_us);

/* When what is told of a day counts as having been: now if it was today, else noon (UTC). */
int64_t told_time_us(int32_t day, int64_t now_us);

/* The last sign of life of a duo, and when silence begins after it. */
int64_t duo_last_sign_us(int64_t started_us, int64_t last_contact_us);
bool duo_is_silent(int64_t started_us, int64_t last_contact_us, int64_t silence_after_us, int64_t now_us);

#endif
