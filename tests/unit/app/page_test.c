/* Pages: how long, where they begin, and cursors that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "bus/page.h"

#define ID  "0190b0a0-0000-7000-8000-000000000001"
#define NIL "00000000-0000-0000-0000-000000000000"

struct desk {
    struct bus_error err;
    struct bus_context ctx;
};

static int setup(void **state)
{
    static struct desk desk;
    desk = (struct desk){.ctx = {.arena = bus_arena_new()}};
    desk.ctx.err = &desk.err;
    *state = &desk;
    return 0;
}

static int teardown(void **state)
{
    struct desk *desk = *state;
    bus_arena_free(&desk->ctx.arena);
    return 0;
}

static struct bus_id an_id(void)
{
    struct bus_id id;
    assert_true(bus_id_parse(ID, strlen(ID), &id));
    return id;
}

static void test_limit(void **state)
{
    (void)state;
    assert_int_equal(bus_page_limit(false, 7), 50);
    assert_int_equal(bus_page_limit(true, 7), 7);
}

static void test_the_row_too_many_is_left_off(void **state)
{
    (void)state;
    assert_int_equal(bus_page_rows(2, 0), 0);
    assert_int_equal(bus_page_rows(2, 2), 2);
    assert_int_equal(bus_page_rows(2, 3), 2);
}

static void test_without_a_cursor_a_page_begins_at_the_start(void **state)
{
    struct desk *desk = *state;
    struct bus_page page = {.at_us = 9, .at_id = an_id()};
    assert_int_equal(bus_page_read(&desk->ctx, true, 7, NULL, &page), BUS_OK);
    assert_int_equal(page.limit, 7);
    assert_int_equal(page.at_us, 0);
    assert_true(bus_id_is_nil(page.at_id));
    page = (struct bus_page){.at_us = 9, .at_id = an_id()};
    assert_int_equal(bus_page_read_id(&desk->ctx, false, 0, NULL, &page), BUS_OK);
    assert_int_equal(page.limit, 50);
    assert_int_equal(page.at_us, 0);
    assert_true(bus_id_is_nil(page.at_id));
}

static void test_a_page_goes_on_after_the_last_row(void **state)
{
    struct desk *desk = *state;
    static const int64_t times_us[] = {1, -1, BUS_TIME_FIRST_US, BUS_TIME_LAST_US};
    for (size_t i = 0; i < sizeof times_us / sizeof times_us[0]; i++) {
        struct bus_page page;
        const char *cursor = bus_page_next(&desk->ctx, times_us[i], an_id());
        assert_int_equal(bus_page_read(&desk->ctx, false, 0, cursor, &page), BUS_OK);
        assert_int_equal(page.limit, 50);
        assert_int_equal(page.at_us, times_us[i]);
        assert_true(bus_id_equal(page.at_id, an_id()));
    }
    assert_string_equal(bus_page_next(&desk->ctx, 1700000000000000, an_id()), "1700000000000000." ID);
}

static void test_by_id_alone(void **state)
{
    struct desk *desk = *state;
    struct bus_page page;
    assert_int_equal(bus_page_read_id(&desk->ctx, true, 3, ID, &page), BUS_OK);
    assert_int_equal(page.limit, 3);
    assert_int_equal(page.at_us, 0);
    assert_true(bus_id_equal(page.at_id, an_id()));
}

typedef enum bus_status read_fn(struct bus_context *ctx, bool has_limit, int64_t limit, const char *cursor,
                                struct bus_page *ret_page);

static void refuses(struct desk *desk, read_fn *read, const char *cursor)
{
    struct bus_page page = {.limit = 1, .at_us = 2, .at_id = an_id()};
    desk->err = (struct bus_error){0};
    assert_int_equal(read(&desk->ctx, true, 9, cursor, &page), BUS_INVALID);
    assert_non_null(strstr(desk->err.text, "begin without"));
    assert_int_equal(page.limit, 1);
    assert_int_equal(page.at_us, 2);
    assert_true(bus_id_equal(page.at_id, an_id()));
}

static void test_other_cursors_are_refused(void **state)
{
    static const char *const of_time[] = {"",
                                          "nonsense",
                                          ".",
                                          "." ID,
                                          "12",
                                          "12.",
                                          "12 ." ID,
                                          "12.x",
                                          "12." ID "x",
                                          "12." ID ".",
                                          "0." ID,
                                          "12:" ID,
                                          "1e3." ID,
                                          ID,
                                          "12.0190b0a0",
                                          "-12.-" ID,
                                          "12.0190B0A0-0000-7000-8000-000000000001",
                                          "12." NIL,
                                          "99999999999999999999." ID,
                                          "-99999999999999999999." ID,
                                          "7258204800000000." ID,
                                          "-2208988800000001." ID};
    static const char *const of_id[] = {"", "nonsense", "12." ID, ID "x", " " ID, "0190b0a0", NIL};
    for (size_t i = 0; i < sizeof of_time / sizeof of_time[0]; i++)
        refuses(*state, bus_page_read, of_time[i]);
    for (size_t i = 0; i < sizeof of_id / sizeof of_id[0]; i++)
        refuses(*state, bus_page_read_id, of_id[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_the_row_too_many_is_left_off),
        cmocka_unit_test_setup_teardown(test_without_a_cursor_a_page_begins_at_the_start, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_page_goes_on_after_the_last_row, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_id_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_cursors_are_refused, setup, teardown),
    };
    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
