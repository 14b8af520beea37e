/* See money.h. */
#include "money.h"

#define CENTS_MAX INT64_C(100000000000)

bool rate_conflicts(const struct rate_days *new_rate, const struct rate_days *other)
{
    if (new_rate->first == other->first)
        return true;
    const struct rate_days *earlier = new_rate->first < other->first ? new_rate : other;
    const struct rate_days *later = earlier == new_rate ? other : new_rate;
    return !earlier->open && earlier->last >= later->first;
}

static int64_t worth_cents(const struct paid_part *part)
{
    __int128 e2 = (__int128)part->amount_e2 * part->cents_per_unit;
    __int128 cents = (e2 + (e2 < 0 ? -50 : 50)) / 100;
    return cents > CENTS_MAX ? CENTS_MAX : cents < -CENTS_MAX ? -CENTS_MAX : (int64_t)cents;
}

int64_t subsidy_cents(const struct paid_part *parts, size_t n, int64_t maximum_cents)
{
    int64_t sum = 0, most = maximum_cents >= 0 && maximum_cents < CENTS_MAX ? maximum_cents : CENTS_MAX;
    for (size_t i = 0; i < n; i++)
        sum += worth_cents(&parts[i]);
    return sum < 0 ? 0 : sum > most ? most : sum;
}

int64_t reached_permille(int64_t reached_e2, int64_t confirmed)
{
    return confirmed > 0 && reached_e2 > 0 ? (reached_e2 * 10 + confirmed / 2) / confirmed : 0;
}

bool reached_warning(int64_t reached_e2, int64_t confirmed)
{
    return confirmed > 0 && reached_e2 * 4 < confirmed * 100;
}
