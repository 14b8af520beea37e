/* Encoding: the same bytes back, nothing personal in the public form, and our own mistakes found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sample.h"

static struct sample_person *decoded(struct bus_arena *arena, const char *json)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    void *person = NULL;
    assert_int_equal(bus_json_to_msgpack(bus_bytes_of(json), &bus_scan_data, &out, &err), BUS_OK);
    if (bus_decode(&sample_person_shape, bus_buffer_bytes(&out), false, arena, &person, NULL, &err) != BUS_OK)
        fail_msg("%s", err.text);
    return person;
}

static void assert_json(const struct sample_person *person, bool public_only, const char *wanted)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0}, json = {0};
    struct bus_error err = {0};
    enum bus_status status = public_only ? bus_encode_public(&sample_person_shape, person, &out, &err)
                                         : bus_encode(&sample_person_shape, person, &out, &err);
    if (status != BUS_OK)
        fail_msg("%s", err.text);
    assert_int_equal(bus_msgpack_to_json(bus_buffer_bytes(&out), &json, &err), BUS_OK);
    bus_buffer_add(&json, "", 1);
    assert_string_equal((char *)json.data, wanted);
}

static void test_there_and_back(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    assert_json(decoded(arena, SAMPLE_FULL), false, SAMPLE_FULL);
    assert_json(decoded(arena, "{" SAMPLE_MUST "}"), false, "{" SAMPLE_MUST "}");
    assert_json(decoded(arena, "{" SAMPLE_MUST ",\"children\":[]}"), false,
                "{" SAMPLE_MUST ",\"children\":[]}");
}

static void test_public(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    assert_json(decoded(arena, "{" SAMPLE_MUST
                               ",\"partner\":{\"name\":\"Bo\",\"age\":3},\"children\":[{\"name\":\"A\"}],"
                               "\"phone\":\"0470\"}"),
                true,
                "{\"id\":\"" SAMPLE_ID
                "\",\"at\":\"2026-11-22T08:20:00Z\",\"postcode\":\"2200\",\"colour\":\"green\","
                "\"home\":{},\"partner\":{\"age\":3},\"children\":[{}]}");
}

static void assert_bug(const struct sample_person *person, const char *words)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    bus_buffer_text(&out, "kept");
    assert_int_equal(bus_encode(&sample_person_shape, person, &out, &err), BUS_BUG);
    assert_int_equal(out.size, 4);
    char wanted[300];
    snprintf(wanted, sizeof(wanted), "sample_person: %s", words);
    assert_string_equal(err.text, wanted);
    assert_int_equal(bus_encode(&sample_person_shape, person, &out, NULL), BUS_BUG);
}

#define BUG(change, words)                  \
    do {                                    \
        struct sample_person person = good; \
        change;                             \
        assert_bug(&person, words);         \
    } while (0)

static void test_our_mistakes(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    const struct sample_person good = *decoded(arena, "{" SAMPLE_MUST "}");
    static const char *const twice[] = {"a", "a"}, *const hole[] = {"a", NULL}, *const broken[] = {"\xff"};
    struct sample_child none = {0}, old = {.name = "x", .age = 99, .has_age = true},
                        wrong_day = {.name = "x", .born = "2026-2-3"};
    struct bus_id nil[1] = {{{0}}};
    BUG(person.id = (struct bus_id){{0}}, "/id is required");
    BUG(person.at_us = 0, "/at is required");
    BUG(person.at_us = INT64_MAX, "/at must be within the years 1900 to 2199");
    BUG(person.postcode = NULL, "/postcode is required");
    BUG(person.postcode = "x", "/postcode must be a postcode of 4 digits, such as 2200");
    BUG(person.colour = 0, "/colour is required");
    BUG(person.colour = (enum sample_colour)3, "/colour must be one of its words, not number 3");
    BUG(person.colour = (enum sample_colour) - 1, "/colour must be one of its words, not number -1");
    BUG(person.home.name = NULL, "/home/name is required");
    BUG(person.partner = &none, "/partner/name is required");
    BUG(person.partner = &old, "/partner/age must be at most 12");
    BUG(person.partner = &wrong_day,
        "/partner/born must be a date that exists, from 1900 to 2199, such as 2026-11-22");
    BUG((person.children = &old, person.children_n = 1), "/children/0/age must be at most 12");
    BUG(person.children_n = 1, "/children has a number of items but no items");
    BUG((person.interests = twice, person.interests_n = 2), "/interests holds the same item twice");
    BUG((person.interests = twice, person.interests_n = 0), "/interests must have at least 1 item");
    BUG((person.interests = hole, person.interests_n = 2), "/interests/1 is required");
    BUG((person.interests = broken, person.interests_n = 1), "/interests/0 must be UTF-8 without U+0000");
    BUG((person.friends = nil, person.friends_n = 1), "/friends/0 is required");
    BUG((person.weight = NAN, person.has_weight = true), "/weight must be a finite number");
    BUG((person.weight = INFINITY, person.has_weight = true), "/weight must be a finite number");
    BUG(person.extra = bus_bytes("\xc1", 1), "/extra must be one msgpack value: byte 0: only nil, booleans, "
                                             "numbers, text, arrays and maps are taken");
    BUG(person.extra = bus_bytes("\x01\x01", 2),
        "/extra must be one msgpack value: byte 1: more bytes follow the value");
}

static void test_ignores_unset(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct sample_person *person = decoded(arena, "{" SAMPLE_MUST "}");
    person->weight = NAN; /* without has_weight it is not there */
    person->home.age = 99;
    assert_json(person, false, "{" SAMPLE_MUST "}");
}

static void test_every_prefix_is_refused(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err;
    assert_int_equal(bus_encode(&sample_person_shape, decoded(arena, SAMPLE_FULL), &out, &err), BUS_OK);
    assert_int_equal(bus_scan_map(bus_buffer_bytes(&out), &bus_scan_data, &err), BUS_OK);
    for (size_t n = 0; n < out.size; n++)
        assert_int_equal(bus_scan_map(bus_bytes(out.data, n), &bus_scan_data, &err), BUS_INVALID);
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(bus_word(sample_words, 1), "red");
    assert_string_equal(bus_word(sample_words, 2), "green");
    assert_string_equal(bus_word(sample_words, 0), "");
    assert_string_equal(bus_word(sample_words, 3), "");
    assert_string_equal(bus_word(sample_words, 4000), "");
    assert_string_equal(bus_word(sample_words, -1), "");
    assert_string_equal(bus_word_or_null(sample_words, 2), "green");
    assert_string_equal(bus_word_or_null(sample_words, 3), "");
    assert_null(bus_word_or_null(sample_words, 0));
    assert_int_equal(bus_word_value(sample_words, "green"), 2);
    assert_int_equal(bus_word_value(sample_words, "gree"), 0);
    assert_int_equal(bus_word_value(sample_words, ""), 0);
    assert_int_equal(bus_word_value(sample_words, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_public),
        cmocka_unit_test(test_our_mistakes),
        cmocka_unit_test(test_ignores_unset),
        cmocka_unit_test(test_every_prefix_is_refused),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
