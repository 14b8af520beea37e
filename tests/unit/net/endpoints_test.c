/* The one line that tells where every service is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bus/client.h"

static void test_all_are_read(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_endpoint *all;
    size_t n;
    struct bus_error err;
    assert_int_equal(bus_endpoints_parse("till=tcp://till:1,tcp://till:2;stock=tcp://h:3,tcp://h:4;", arena,
                                         &all, &n, &err),
                     BUS_OK);
    assert_int_equal(n, 2);
    assert_string_equal(all[0].service, "till");
    assert_string_equal(all[0].events, "tcp://till:1");
    assert_string_equal(all[0].requests, "tcp://till:2");
    assert_string_equal(all[1].service, "stock");
    assert_string_equal(all[1].requests, "tcp://h:4");
    assert_int_equal(bus_endpoints_parse("", arena, &all, &n, &err), BUS_OK);
    assert_int_equal(n, 0);
}

static void test_half_an_entry_is_refused(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_endpoint *all = NULL;
    size_t n = 7;
    struct bus_error err;
    assert_int_equal(
        bus_endpoints_parse("till=tcp://till:1,tcp://till:2;stock=tcp://h:3", arena, &all, &n, &err),
        BUS_INVALID);
    assert_string_equal(err.text, "\"stock=tcp://h:3\" is not name=events,requests");
    assert_int_equal(bus_endpoints_parse("tcp://h:3,tcp://h:4", arena, &all, &n, &err), BUS_INVALID);
    assert_null(all);
    assert_int_equal(n, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_read),
        cmocka_unit_test(test_half_an_entry_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
