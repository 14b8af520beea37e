/* What lies within the limits of who sent a command, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bus/pack.h"
#include "wire/within.h"

static const char *judge(struct bus_arena *arena, const char *within, const char *partnership,
                         const char *own_nis)
{
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    struct bus_header header = {.extensions = {{"nis", own_nis}}};
    bus_pack_map(&data, partnership != NULL);
    if (partnership != NULL) {
        bus_pack_text(&data, "partnership");
        bus_pack_text(&data, partnership);
    }
    return wire_within_fault(within, &header, bus_buffer_bytes(&data), arena);
}

static void every_name_must_have_one_of_its_values(void **state)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    (void)state;
    assert_null(judge(arena, "", NULL, NULL));
    assert_null(judge(arena, "partnership=asse", "asse", NULL));
    assert_null(judge(arena, " partnership=hamme  partnership=asse nis=23002", "asse", "23002"));
    assert_string_equal(judge(arena, "partnership=asse", "ass", NULL), "partnership");
    assert_string_equal(judge(arena, "partnership=asse", "asse2", NULL), "partnership");
    assert_string_equal(judge(arena, "partnership=asse", NULL, "23002"), "partnership");
    assert_string_equal(judge(arena, "partnership=asse", "", NULL), "partnership");
    assert_string_equal(judge(arena, "partnership=asse", "asse nis=1", NULL), "partnership");
    assert_string_equal(judge(arena, "partnership=asse nis=23002", "asse", "13011"), "nis");
    assert_string_equal(judge(arena, "partnership=asse nis=23002", "asse", NULL), "nis");
    assert_string_equal(judge(arena, "nonsense", "asse", NULL), "nonsense");
}

static void the_data_counts_before_the_header(void **state)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    struct bus_header header = {.extensions = {{"partnership", "asse"}}};
    (void)state;
    bus_pack_map(&data, 1);
    bus_pack_text(&data, "partnership");
    bus_pack_int(&data, 7);
    assert_string_equal(wire_within_fault("partnership=asse", &header, bus_buffer_bytes(&data), arena),
                        "partnership");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_must_have_one_of_its_values),
        cmocka_unit_test(the_data_counts_before_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
