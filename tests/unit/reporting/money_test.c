/* Rates beside each other, and what units are worth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/reporting/figures.h"
#include "../../../services/reporting/money.h"

static bool conflict(struct rate_days a, struct rate_days b)
{
    assert_int_equal(rate_conflicts(&a, &b), rate_conflicts(&b, &a));
    return rate_conflicts(&a, &b);
}

static void test_rates_that_end_do_not_overlap(void **state)
{
    (void)state;
    struct rate_days spring = {.first = 100, .last = 199};
    assert_false(conflict(spring, (struct rate_days){.first = 200, .last = 299}));
    assert_true(conflict(spring, (struct rate_days){.first = 199, .last = 299}));
    assert_true(conflict(spring, (struct rate_days){.first = 120, .last = 130}));
    assert_true(conflict(spring, (struct rate_days){.first = 199, .open = true}));
}

static void test_an_open_rate_gives_way_to_the_next(void **state)
{
    (void)state;
    struct rate_days open = {.first = 100, .open = true};
    assert_false(conflict(open, (struct rate_days){.first = 150, .last = 160}));
    assert_false(conflict(open, (struct rate_days){.first = 150, .open = true}));
    assert_true(conflict(open, (struct rate_days){.first = 100, .open = true}));
    assert_true(conflict(open, (struct rate_days){.first = 50, .last = 100}));
}

static void test_units_are_worth_their_rate(void **state)
{
    (void)state;
    struct paid_part parts[] = {{.amount_e2 = 1000, .cents_per_unit = 6000},
                                {.amount_e2 = 250, .cents_per_unit = 7000}};
    assert_int_equal(subsidy_cents(parts, 1, -1), 60000);
    assert_int_equal(subsidy_cents(parts, 2, -1), 77500);
    assert_int_equal(subsidy_cents(parts, 2, 70000), 70000);
    assert_int_equal(subsidy_cents(parts, 2, 0), 0);
    assert_int_equal(subsidy_cents(parts, 0, -1), 0);
}

static void test_cents_are_rounded_and_bounded(void **state)
{
    (void)state;
    struct paid_part half = {.amount_e2 = 50, .cents_per_unit = 1},
                     third = {.amount_e2 = 33, .cents_per_unit = 1};
    struct paid_part huge = {.amount_e2 = INT64_C(100000000000), .cents_per_unit = INT64_C(100000000000)};
    struct paid_part taken = {.amount_e2 = -100, .cents_per_unit = 6000};
    assert_int_equal(subsidy_cents(&half, 1, -1), 1);
    assert_int_equal(subsidy_cents(&third, 1, -1), 0);
    assert_true(subsidy_cents(&huge, 1, -1) == INT64_C(100000000000));
    assert_int_equal(subsidy_cents(&taken, 1, -1), 0);
}

static void test_below_a_quarter_is_a_warning(void **state)
{
    (void)state;
    assert_true(reached_warning(1200, 50));
    assert_false(reached_warning(1250, 50));
    assert_false(reached_warning(0, 0));
    assert_int_equal(reached_permille(1250, 50), 250);
    assert_int_equal(reached_permille(100, 3), 333);
    assert_int_equal(reached_permille(100, 0), 0);
}

static void test_figures_have_units(void **state)
{
    (void)state;
    for (int figure = 1; figure <= FIGURES_LAST; figure++)
        assert_int_not_equal(figure_unit((enum reporting_figure)figure), REPORTING_UNIT_NONE);
    assert_true(figure_reaches(REPORTING_FIGURE_PRACTICE_PERSONS, REPORTING_UNIT_PERSON));
    assert_false(figure_reaches(REPORTING_FIGURE_INTAKES, REPORTING_UNIT_PERSON));
    assert_false(figure_reaches(REPORTING_FIGURE_INTAKES, REPORTING_UNIT_INTAKE));
    assert_false(figure_reaches(REPORTING_FIGURE_DUOS_ACTIVE, REPORTING_UNIT_DUO));
    assert_true(figure_reaches(REPORTING_FIGURE_PRACTICE_GUESTS, REPORTING_UNIT_ATTENDANCE));
    assert_true(figure_stands(REPORTING_FIGURE_WAITING_NEWCOMERS));
    assert_false(figure_stands(REPORTING_FIGURE_DUOS_FORMED));
    assert_int_equal(amount_e2(1.005), 100);
    assert_int_equal(amount_e2(0.125), 13);
    assert_true(amount_number(150) == 1.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates_that_end_do_not_overlap),
        cmocka_unit_test(test_an_open_rate_gives_way_to_the_next),
        cmocka_unit_test(test_units_are_worth_their_rate),
        cmocka_unit_test(test_cents_are_rounded_and_bounded),
        cmocka_unit_test(test_below_a_quarter_is_a_warning),
        cmocka_unit_test(test_figures_have_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
