/* What is kept of series: how far sessions go, and those that are still to be held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../../services/scheduling/kept.h"

static const struct bus_id ONE = {{1}}, OTHER = {{2}};

static struct session session_of(uint8_t id, struct bus_id series_id, int32_t day)
{
    return (struct session){.session_id = {{9, id}}, .series_id = series_id, .day = day, .at = day};
}

static void a_plan_goes_on_with_its_sessions(void **state)
{
    (void)state;
    struct kept kept = {0};
    const int32_t later[] = {130};
    kept_plan_add(&kept, ONE, 100, later, 1);
    kept_plan_session(&kept, ONE, 90);
    for (int32_t day = 101; day <= 120; day++)
        kept_plan_session(&kept, ONE, day);
    kept_plan_session(&kept, OTHER, 101);
    const struct kept_plan *plan = kept_plan_find(&kept, ONE);
    assert_int_equal(plan->later_n, 21);
    kept_plan_scheduled(&kept, ONE, 119);
    assert_int_equal(plan->scheduled_day, 119);
    assert_int_equal(plan->later_n, 2);
    assert_int_equal(plan->later[0], 130);
    assert_int_equal(plan->later[1], 120);
    assert_null(kept_plan_find(&kept, OTHER));
    kept_forget(&kept, ONE);
    assert_null(kept_plan_find(&kept, ONE));
    kept_done(&kept);
}

static void a_session_is_found_until_it_is_over(void **state)
{
    (void)state;
    struct kept kept = {0};
    struct session first = session_of(1, ONE, 100), second = session_of(2, ONE, 107),
                   third = session_of(3, OTHER, 100);
    kept_session_add(&kept, &first);
    kept_session_add(&kept, &second);
    kept_session_add(&kept, &third);
    assert_int_equal(kept_session(&kept, second.session_id)->day, 107);
    assert_true(bus_id_equal(kept_session_on(&kept, OTHER, 100)->session_id, third.session_id));
    assert_null(kept_session_on(&kept, OTHER, 107));
    kept_session_over(&kept, first.session_id);
    kept_session_over(&kept, first.session_id);
    assert_null(kept_session(&kept, first.session_id));
    assert_null(kept_session_on(&kept, ONE, 100));
    assert_non_null(kept_session_on(&kept, ONE, 107));
    kept_done(&kept);
}

static void what_is_kept_of_sessions_has_a_limit(void **state)
{
    (void)state;
    struct kept kept = {0};
    for (int32_t day = 0; day < 5 * KEPT_MAX; day++) {
        struct session session = session_of(0, ONE, day);
        session.session_id.bytes[2] = (uint8_t)(day >> 8);
        session.session_id.bytes[3] = (uint8_t)day;
        kept_session_add(&kept, &session);
    }
    assert_true(kept.by_id.n <= 2 * (size_t)KEPT_MAX);
    assert_int_equal(kept.by_id.n, kept.by_day.n);
    kept_done(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_goes_on_with_its_sessions),
        cmocka_unit_test(a_session_is_found_until_it_is_over),
        cmocka_unit_test(what_is_kept_of_sessions_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
