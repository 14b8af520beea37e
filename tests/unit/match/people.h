/* Two lists of people for the tests of the pool, who differ in where they live alone.
 * To be included after cmocka.h. */
#ifndef TESTS_MATCH_PEOPLE_H
#define TESTS_MATCH_PEOPLE_H

#include "match/pool.h"

static const struct match_rules rules = {.max_distance_m = 15000, .min_shared_slots = 1};
static const struct match_weights weights = {.of = {0, 30, 15, 15, 20, 10, 10}};

static char tags[2000];

static inline struct match_entrant someone(enum match_side side, int number, int32_t lat_e4)
{
    return (struct match_entrant){.side = side,
                                  .key = (uint64_t)number * 2 + side,
                                  .places = 1,
                                  .person = {.lat_e4 = lat_e4, .lon_e4 = 48000, .birth_year = 1980},
                                  .tag = &tags[number * 2 + side]};
}

static inline struct match_pool *new_pool(void)
{
    struct match_pool_settings settings = {.rules = rules, .weights = weights};
    return match_pool_new(&settings);
}

static inline void expect_change(const struct match_change *change, bool appears, int newcomer, int volunteer)
{
    assert_int_equal(change->appears, appears);
    assert_ptr_equal(change->newcomer_tag, &tags[newcomer * 2]);
    assert_ptr_equal(change->volunteer_tag, &tags[volunteer * 2 + 1]);
}

#endif
