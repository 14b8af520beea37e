/* Money: which rates may stand beside each other, and what units are worth. All in whole cents, rounded half
 * up. */
#ifndef REPORTING_MONEY_H
#define REPORTING_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Days from first to last; an open rate holds until another one begins. */
struct rate_days {
    int32_t first, last; /* of an open rate `last` does not count */
    bool open;
};
/* Whether a new rate would hold on a day that another holds on, other than by beginning after an open one. */
bool rate_conflicts(const struct rate_days *new_rate, const struct rate_days *other);

/* Units counted while one rate held. */
struct paid_part {
    int64_t amount_e2, cents_per_unit;
};
/* What the parts are worth together: not below 0, and at most `maximum_cents` (below 0: no maximum). */
int64_t subsidy_cents(const struct paid_part *parts, size_t n, int64_t maximum_cents);

/* Reached, of what was confirmed, in tenths of a percent; 0 when nothing was confirmed. */
int64_t reached_permille(int64_t reached_e2, int64_t confirmed);
/* Below a quarter of what was confirmed. */
bool reached_warning(int64_t reached_e2, int64_t confirmed);

#endif
