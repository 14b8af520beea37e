/* Nobody is passed over for ever: years in a town where newcomers outnumber volunteers, and who fits worst
 * still comes before who came later. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "people.h"

#define DAY         INT64_C(86400000000)
#define DAYS        2500
#define PEOPLE      1000 /* on either side, at most */
#define FIRST_AFTER 365
#define HEAD_START  100 /* the sum of the weights, in days */

struct one {
    struct match_entrant entrant;
    int handle; /* -1: not in the pool */
    int came;
    int ahead;     /* from that day on: so many wait still who came before it */
    int passed;    /* so often since then */
    bool promised; /* that day is past */
};

struct town {
    struct match_pool *pool;
    struct one newcomers[PEOPLE], volunteers[PEOPLE];
    int newcomers_n, volunteers_n;
    int first_after, most_passed, broken;
};

static unsigned drawn;
static int below(int n)
{
    drawn = drawn * 1103515245 + 12345;
    return (int)(drawn >> 8) % n;
}

static struct one *arrive(struct town *town, enum match_side side, int day)
{
    int number = side == MATCH_LEFT ? town->newcomers_n++ : town->volunteers_n++;
    struct one *one = side == MATCH_LEFT ? &town->newcomers[number] : &town->volunteers[number];
    one->entrant = someone(side, number, 510000 + below(700));
    one->entrant.person.birth_year = (int16_t)(1950 + below(50));
    one->entrant.person.interests_n = (uint8_t)below(3);
    for (int i = 0; i < one->entrant.person.interests_n; i++)
        one->entrant.person.interests[i] = (uint32_t)(1 + below(6));
    one->entrant.waiting_since_us = one->entrant.entered_us = day * DAY;
    one->entrant.tag = one;
    one->came = day;
    one->handle = match_pool_add(town->pool, &one->entrant);
    return one;
}

/* The optimum has this volunteer with `taker`; everybody else could have had them too. */
static void count_passed(struct town *town, const struct one *taker)
{
    for (struct one *one = town->newcomers; one < town->newcomers + town->newcomers_n; one++) {
        if (one->handle < 0 || !one->promised || match_pool_partner(town->pool, one->handle) >= 0)
            continue;
        one->passed++;
        town->broken += one->passed > one->ahead || taker->came > one->came + HEAD_START;
        if (one->passed > town->most_passed)
            town->most_passed = one->passed;
    }
}

/* Today they have waited long enough: who comes before them from now on is here already. */
static void promise(struct town *town, int day)
{
    for (struct one *one = town->newcomers; one < town->newcomers + town->newcomers_n; one++) {
        if (one->handle < 0 || one->promised || day < one->came + FIRST_AFTER + HEAD_START)
            continue;
        one->promised = true;
        for (const struct one *other = town->newcomers; other < town->newcomers + town->newcomers_n; other++)
            one->ahead += other != one && other->handle >= 0 && other->came <= one->came + HEAD_START;
    }
}

/* What is proposed is accepted the same day. */
static void take_pairs(struct town *town)
{
    for (struct one *v = town->volunteers; v < town->volunteers + town->volunteers_n; v++) {
        if (v->handle < 0 || match_pool_partner_count(town->pool, v->handle) == 0)
            continue;
        struct one *taker = match_pool_tag(town->pool, match_pool_partner_at(town->pool, v->handle, 0));
        count_passed(town, taker);
        match_pool_remove(town->pool, taker->handle);
        match_pool_remove(town->pool, v->handle);
        taker->handle = v->handle = -1;
    }
}

static struct town *live(int first_after)
{
    struct town *town = calloc(1, sizeof *town);
    assert_non_null(town);
    struct match_pool_settings settings = {.rules = rules, .weights = weights};
    settings.rules.first_after_days = first_after;
    town->pool = match_pool_new(&settings);
    drawn = 11;
    for (int day = 0; day < DAYS; day++) {
        if (day % 5 == 0)
            arrive(town, MATCH_LEFT, day);
        if (day % 7 == 0)
            arrive(town, MATCH_RIGHT, day);
        promise(town, day);
        take_pairs(town);
    }
    assert_null(match_pool_check(town->pool));
    match_pool_free(town->pool);
    return town;
}

static void after_a_year_only_who_came_soon_after_goes_before(void **state)
{
    (void)state;
    struct town *town = live(FIRST_AFTER);
    assert_true(town->most_passed > 0);
    assert_int_equal(town->broken, 0);
    free(town);
}

static void without_it_who_fits_worst_is_passed_over_for_ever(void **state)
{
    (void)state;
    struct town *town = live(0);
    assert_true(town->broken > 0);
    assert_true(town->most_passed > 100);
    free(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_year_only_who_came_soon_after_goes_before),
        cmocka_unit_test(without_it_who_fits_worst_is_passed_over_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
