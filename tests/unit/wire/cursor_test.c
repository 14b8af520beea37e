/* Cursor and writer: what one writes the other reads, a wrong kind moves nothing, and unscanned bytes are
 * never read beyond their end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bus/arena.h"
#include "bus/clock.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "bus/status.h"

static struct bus_id some_id(void)
{
    return bus_id_derived(BUS_SECOND_US, "x", 1, 0);
}

static void pack_all(struct bus_buffer *out)
{
    bus_pack_map(out, 9);
    bus_pack_text(out, "text");
    bus_pack_text(out, "duo");
    bus_pack_text(out, "int");
    bus_pack_int(out, -5);
    bus_pack_text(out, "number");
    bus_pack_number(out, 1.5);
    bus_pack_text(out, "bool");
    bus_pack_bool(out, true);
    bus_pack_text(out, "nil");
    bus_pack_nil(out);
    bus_pack_text(out, "id");
    bus_pack_id(out, some_id());
    bus_pack_text(out, "time");
    bus_pack_time(out, 1500000);
    bus_pack_text(out, "array");
    bus_pack_array(out, 2);
    bus_pack_int(out, 1);
    bus_pack_array(out, 0);
    bus_pack_text(out, "raw");
    bus_pack_raw(out, bus_bytes("\x81\xa1k\x07", 4));
}

static void test_there_and_back(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    pack_all(&out);
    struct bus_error err;
    assert_int_equal(bus_scan_map(bus_buffer_bytes(&out), &bus_scan_data, &err), BUS_OK);
    struct bus_cursor at = bus_cursor(bus_buffer_bytes(&out));
    uint32_t n;
    struct bus_bytes key = {0}, raw = {0};
    const char *text;
    int64_t integer;
    double number;
    bool boolean;
    struct bus_id id;
    assert_true(bus_cursor_map(&at, &n) && n == 9);
    assert_true(bus_cursor_text(&at, &key) && bus_text_is(key, "text"));
    assert_true(bus_cursor_strdup(&at, arena, &text));
    assert_string_equal(text, "duo");
    assert_true(bus_cursor_skip(&at) && bus_cursor_int(&at, &integer) && integer == -5);
    assert_true(bus_cursor_skip(&at) && bus_cursor_number(&at, &number) && number == 1.5);
    assert_true(bus_cursor_skip(&at) && bus_cursor_bool(&at, &boolean) && boolean);
    assert_true(bus_cursor_skip(&at) && bus_cursor_nil(&at));
    assert_true(bus_cursor_skip(&at) && bus_cursor_id(&at, &id) && bus_id_equal(id, some_id()));
    assert_true(bus_cursor_skip(&at) && bus_cursor_time(&at, &integer) && integer == 1500000);
    assert_true(bus_cursor_skip(&at) && bus_cursor_raw(&at, &raw));
    assert_true(bus_bytes_equal(raw, bus_bytes("\x92\x01\x90", 3)));
    assert_true(bus_cursor_text(&at, &key) && bus_cursor_map(&at, &n) && n == 1);
    assert_true(bus_cursor_text(&at, &key) && bus_cursor_number(&at, &number) && number == 7);
    assert_true(bus_cursor_done(&at));
    assert_int_equal(bus_cursor_peek(&at), BUS_WIRE_NONE);
}

/* Tries every typed step but skip and raw, and counts those that took the value. */
static int steps_taken(struct bus_bytes bytes)
{
    const struct bus_cursor start = bus_cursor(bytes);
    struct bus_cursor at = start;
    uint32_t n;
    struct bus_bytes text;
    int64_t integer;
    double number;
    bool boolean;
    struct bus_id id;
    int taken = 0;
#define TRY(step)                              \
    do {                                       \
        at = start;                            \
        if (step)                              \
            taken++;                           \
        else                                   \
            assert_ptr_equal(at.at, start.at); \
    } while (0)
    TRY(bus_cursor_map(&at, &n));
    TRY(bus_cursor_array(&at, &n));
    TRY(bus_cursor_text(&at, &text));
    TRY(bus_cursor_int(&at, &integer));
    TRY(bus_cursor_number(&at, &number));
    TRY(bus_cursor_bool(&at, &boolean));
    TRY(bus_cursor_nil(&at));
    TRY(bus_cursor_id(&at, &id));
    TRY(bus_cursor_time(&at, &integer));
    return taken;
}

static void test_wrong_kind_moves_nothing(void **state)
{
    (void)state;
    assert_int_equal(steps_taken(bus_bytes("\x80", 1)), 1);
    assert_int_equal(steps_taken(bus_bytes("\x90", 1)), 1);
    assert_int_equal(steps_taken(bus_bytes_of("\xa3"
                                              "duo")),
                     1);
    assert_int_equal(steps_taken(bus_bytes("\x05", 1)), 2); /* an integer is a number too */
    assert_int_equal(steps_taken(bus_bytes("\xca\x3f\x80\x00\x00", 5)), 1);
    assert_int_equal(steps_taken(bus_bytes("\xc3", 1)), 1);
    assert_int_equal(steps_taken(bus_bytes("\xc0", 1)), 1);
    assert_int_equal(steps_taken(bus_bytes_of("\xb4"
                                              "1970-01-01T00:00:01Z")),
                     2);
    assert_int_equal(steps_taken(bus_bytes_of("\xd9\x24"
                                              "00000000-0000-0000-0000-000000000000")),
                     1); /* a text, but no id */
    assert_int_equal(steps_taken(bus_bytes_of("\xd9\x24"
                                              "00000000-0000-0000-0000-000000000001")),
                     2);
    static const char *const none[] = {"\xc1", "\xc4",  "\xd4", "\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
                                       "\xd9", "\xa5x", "\xcb"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        struct bus_cursor at = bus_cursor(bus_bytes_of(none[i]));
        assert_int_equal(steps_taken(bus_bytes_of(none[i])), 0);
        assert_false(bus_cursor_skip(&at));
        assert_ptr_equal(at.at, none[i]);
    }
    assert_int_equal(steps_taken(bus_bytes(NULL, 0)), 0);
}

static void test_integers(void **state)
{
    (void)state;
    static const int64_t values[] = {0,
                                     1,
                                     127,
                                     128,
                                     255,
                                     256,
                                     65535,
                                     65536,
                                     -1,
                                     -32,
                                     -33,
                                     -128,
                                     -129,
                                     -32768,
                                     -32769,
                                     INT32_MAX,
                                     INT64_C(4294967295),
                                     INT64_C(4294967296),
                                     INT32_MIN,
                                     INT64_MIN,
                                     INT64_MAX};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        bus_pack_int(&out, values[i]);
        struct bus_cursor at = bus_cursor(bus_buffer_bytes(&out));
        int64_t back = 42;
        assert_true(bus_cursor_int(&at, &back));
        assert_true(back == values[i]);
        assert_true(bus_cursor_done(&at));
    }
}

static void test_long_texts(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 31, 32, 255, 256, 65535, 65536, 100000};
    char *text = malloc(100000);
    memset(text, 'x', 100000);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        AUTO(bus_buffer_done) struct bus_buffer out = {0};
        bus_pack_text_n(&out, text, sizes[i]);
        struct bus_cursor at = bus_cursor(bus_buffer_bytes(&out));
        struct bus_bytes back;
        assert_true(bus_cursor_text(&at, &back));
        assert_true(bus_bytes_equal(back, bus_bytes(text, sizes[i])));
    }
    free(text);
}

static void test_get(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack_all(&out);
    struct bus_cursor at;
    int64_t integer;
    uint32_t n;
    assert_true(bus_cursor_get(bus_buffer_bytes(&out), "int", &at) && bus_cursor_int(&at, &integer) &&
                integer == -5);
    assert_true(bus_cursor_get(bus_buffer_bytes(&out), "raw", &at) && bus_cursor_map(&at, &n));
    assert_false(bus_cursor_get(bus_buffer_bytes(&out), "k", &at)); /* only within a nested map */
    assert_false(bus_cursor_get(bus_buffer_bytes(&out), "tex", &at));
    assert_false(bus_cursor_get(bus_bytes("\x90", 1), "k", &at));
    assert_false(bus_cursor_get(bus_bytes("", 0), "k", &at));
}

static void test_get_of_a_kind(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    pack_all(&out);
    struct bus_bytes map = bus_buffer_bytes(&out);
    int64_t integer = 7;
    assert_false(bus_cursor_get_int(map, "text", &integer));
    assert_false(bus_cursor_get_int(map, "nothing", &integer));
    assert_int_equal(integer, 7);
    assert_true(bus_cursor_get_int(map, "int", &integer));
    assert_int_equal(integer, -5);
    assert_string_equal(bus_cursor_get_text(map, "nothing", arena, "otherwise"), "otherwise");
    assert_null(bus_cursor_get_text(map, "int", arena, NULL));
    const char *text = bus_cursor_get_text(map, "text", arena, NULL);
    assert_non_null(text);
    struct bus_cursor at;
    struct bus_bytes borrowed = {0};
    assert_true(bus_cursor_get(map, "text", &at) && bus_cursor_text(&at, &borrowed));
    assert_true(bus_text_is(borrowed, text));
}

/* Every prefix, unscanned and in a block of its exact size: skip refuses and get stays within. */
static void test_cut_bytes(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    pack_all(&out);
    for (size_t n = 0; n < out.size; n++) {
        uint8_t *exact = malloc(n ? n : 1);
        memcpy(exact, out.data, n);
        struct bus_cursor at = bus_cursor(bus_bytes(exact, n)), value;
        assert_false(bus_cursor_skip(&at));
        bus_cursor_get(bus_bytes(exact, n), "no such key", &value);
        steps_taken(bus_bytes(exact, n));
        free(exact);
    }
    struct bus_cursor bomb = bus_cursor(bus_bytes("\xdf\xff\xff\xff\xff", 5));
    assert_false(bus_cursor_skip(&bomb));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_wrong_kind_moves_nothing),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_get_of_a_kind),
        cmocka_unit_test(test_cut_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
