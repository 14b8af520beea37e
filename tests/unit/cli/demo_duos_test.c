/* The duos of the demonstration, as they stood on a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bus/status.h"
#include "demo/duos.h"

static void add(json_t *list, const char *newcomer, const char *started, const char *state, const char *ended)
{
    json_t *duo =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i}", "newcomer_id", newcomer, "volunteer_id", started,
                  "started", started, "state", state, "reason", "moved", "days", 100, "distance_m", 900);
    if (ended)
        json_object_set_new(duo, "ended", json_string(ended));
    json_array_append_new(list, duo);
}

static void test_what_came_later_has_not_happened(void **state)
{
    (void)state;
    json_t *list = json_array();
    add(list, "a", "2021-01-01T10:00:00Z", "active", NULL);
    add(list, "b", "2018-02-01T10:00:00Z", "stopped", "2020-03-01T10:00:00Z");
    add(list, "b", "2017-02-01T10:00:00Z", "stopped", "2019-12-20T10:00:00Z");
    add(list, "c", "2018-01-01T10:00:00Z", "informal", "2019-01-01T10:00:00Z");
    add(list, "d", "2018-01-02T10:00:00Z", "informal", "2020-01-01T10:00:00Z");
    add(list, "e", "2019-01-02T10:00:00Z", "silent", NULL);
    AUTO(duos_done) struct duos duos = duos_count(list, "2019-12-20");
    assert_int_equal(duos.total, 5);
    assert_int_equal(duos.again, 1);
    assert_int_equal(duos.lasting, 3);
    assert_int_equal(duos.stopped, 1);
    assert_int_equal(duos.informal, 1);
    assert_int_equal(duos.by_year[2018 - FIRST_YEAR], 3);
    assert_int_equal(json_integer_value(json_object_get(duos.reasons, "moved")), 1);
    assert_int_equal(duos.near, 1);
    json_decref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_came_later_has_not_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
