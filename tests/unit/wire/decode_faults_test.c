/* Decoding: each fault with its place and words. */
#include "decoded.h"

#include <stdio.h>

static void test_each_fault(void **state)
{
    (void)state;
    static const struct {
        const char *json, *pointer, *words;
    } cases[] = {
        {"[]", "", "must be an object"},
        {"5", "", "must be an object"},
        {"{" SAMPLE_MUST ",\"unknown\":1}", "/unknown", "is not known here"},
        {"{" SAMPLE_MUST ",\"un~k/n\":1}", "/un~0k~1n", "is not known here"},
        {"{" SAMPLE_MUST ",\"parnter\":{}}", "/parnter", "is not known here: did you mean partner?"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"agee\":1}}", "/partner/agee",
         "is not known here: did you mean age?"},
        {"{" SAMPLE_MUST ",\"a/b~c\":\"xx\"}", "/a~1b~0c", "must have at most 1 character"},
        {"{" SAMPLE_MUST ",\"a/b~c\":5}", "/a~1b~0c", "must be text"},
        {"{" SAMPLE_MUST ",\"a/b~c\":null}", "/a~1b~0c", "must be text"},
        {"{" SAMPLE_MUST ",\"partner\":null}", "/partner", "must be an object"},
        {"{" SAMPLE_MUST ",\"partner\":[]}", "/partner", "must be an object"},
        {"{" SAMPLE_MUST ",\"partner\":{}}", "/partner/name", "is required"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"\"}}", "/partner/name", "must not be empty"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"abcdef\"}}", "/partner/name",
         "must have at most 5 characters"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"x\":{}}}", "/partner/x", "is not known here"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"age\":13}}", "/partner/age", "must be at most 12"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"age\":-1}}", "/partner/age", "must be at least 0"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"age\":1.5}}", "/partner/age", "must be an integer"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"age\":1e300}}", "/partner/age",
         "must be an integer"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"age\":\"1\"}}", "/partner/age",
         "must be an integer"},
        {"{" SAMPLE_MUST ",\"partner\":{\"name\":\"a\",\"age\":true}}", "/partner/age", "must be an integer"},
        {"{" SAMPLE_MUST ",\"children\":{}}", "/children", "must be an array"},
        {"{" SAMPLE_MUST ",\"children\":[{\"name\":\"a\"},7]}", "/children/1", "must be an object"},
        {"{" SAMPLE_MUST ",\"children\":[{\"name\":\"a\",\"born\":\"2025-02-29\"}]}", "/children/0/born",
         "must be a date that exists, from 1900 to 2199, such as 2026-11-22"},
        {"{" SAMPLE_MUST ",\"children\":[{\"name\":\"a\",\"born\":20250228}]}", "/children/0/born",
         "must be a date that exists, from 1900 to 2199, such as 2026-11-22"},
        {"{" SAMPLE_MUST ",\"children\":[{},{},{},{}]}", "/children", "must have at most 3 items"},
        {"{" SAMPLE_MUST ",\"interests\":[]}", "/interests", "must have at least 1 item"},
        {"{" SAMPLE_MUST ",\"interests\":[\"a\",\"b\",\"a\"]}", "/interests", "holds the same item twice"},
        {"{" SAMPLE_MUST ",\"interests\":[\"a\",null]}", "/interests/1", "must be text"},
        {"{" SAMPLE_MUST ",\"numbers\":[1,2,1.0]}", "/numbers", "holds the same item twice"},
        {"{" SAMPLE_MUST ",\"weight\":0.4}", "/weight", "must be at least 0.5"},
        {"{" SAMPLE_MUST ",\"weight\":0}", "/weight", "must be at least 0.5"},
        {"{" SAMPLE_MUST ",\"weight\":\"1\"}", "/weight", "must be a number"},
        {"{" SAMPLE_MUST ",\"active\":1}", "/active", "must be true or false"},
        {"{" SAMPLE_MUST ",\"friends\":[\"" SAMPLE_ID "\",\"00000000-0000-0000-0000-000000000000\"]}",
         "/friends/1", "must be a UUID in lower case, not all zeros"},
        {"{" SAMPLE_MUST ",\"friends\":[\"01890A5D-AC96-774B-BCCE-B302099A8057\"]}", "/friends/0",
         "must be a UUID in lower case, not all zeros"},
    };
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bus_error err = {0};
        struct bus_faults faults;
        assert_int_equal(decode(arena, cases[i].json, false, NULL, &faults, &err), BUS_INVALID);
        if (faults.found != 1 || faults.n != 1 || strcmp(faults.items[0].pointer, cases[i].pointer) != 0 ||
            strcmp(faults.items[0].text, cases[i].words) != 0)
            fail_msg("%s: %zu faults, %s %s", cases[i].json, faults.found, faults.items[0].pointer,
                     faults.items[0].text);
        char wanted[200];
        snprintf(wanted, sizeof(wanted), "%s %s", *cases[i].pointer ? cases[i].pointer : "the message",
                 cases[i].words);
        assert_string_equal(err.text, wanted);
        assert_int_equal(decode(arena, cases[i].json, false, NULL, NULL, NULL), BUS_INVALID);
    }
}

static void test_fault_of_plain_fields(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct bus_faults faults;
    assert_int_equal(
        decode(arena,
               "{\"id\":\"x\",\"at\":\"2026-11-22T08:20:00\",\"postcode\":\"220\",\"colour\":\"blue\","
               "\"home\":3}",
               false, NULL, &faults, &err),
        BUS_INVALID);
    static const char *const wanted[][2] = {
        {"/id", "must be a UUID in lower case, not all zeros"},
        {"/at", "must be a time from 1900 to 2199 with its zone, such as 2026-11-22T08:20:00Z"},
        {"/postcode", "must be a postcode of 4 digits, such as 2200"},
        {"/colour", "must be one of red, green"},
        {"/home", "must be an object"},
    };
    assert_int_equal(faults.n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(faults.items[i].pointer, wanted[i][0]);
        assert_string_equal(faults.items[i].text, wanted[i][1]);
    }
    assert_string_equal(err.text, "/id must be a UUID in lower case, not all zeros (and 4 more)");
    assert_int_equal(decode(arena, "{}", false, NULL, &faults, &err), BUS_INVALID);
    assert_int_equal(faults.n, 5);
    assert_string_equal(faults.items[4].text, "is required");
}

static void test_length_is_told_with_what_is_asked(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    assert_int_equal(decode(arena, "{\"postcode\":\"22000\"}", false, NULL, NULL, &err), BUS_INVALID);
    assert_string_equal(err.text, "/postcode must have at most 4 characters: a postcode of 4 digits, such as "
                                  "2200 (and 4 more)");
}

static void test_long_list_of_words_ends_with_a_whole_one(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer map = {0};
    struct bus_error err = {0};
    char words[100][8];
    const char *list[101] = {0};
    void *value;
    for (int i = 0; i < 100; i++) {
        snprintf(words[i], sizeof(words[i]), "word-%02d", i);
        list[i] = words[i];
    }
    const struct bus_field field = {
        .name = "word", .kind = BUS_KIND_ENUM, .has_offset = BUS_NO_OFFSET, NO_N, .words = list};
    const struct bus_shape shape = {"wordy", sizeof(int), &field, 1};
    assert_int_equal(bus_json_to_msgpack(bus_bytes_of("{\"word\":\"\"}"), &bus_scan_data, &map, &err),
                     BUS_OK);
    assert_int_equal(bus_decode(&shape, bus_buffer_bytes(&map), false, arena, &value, NULL, &err),
                     BUS_INVALID);
    const char *last = strstr(err.text, " and ");
    unsigned told = 0, more = 0;
    for (const char *at = err.text; (at = strstr(at, "word-")) != NULL; at++)
        told++;
    assert_non_null(last);
    assert_int_equal(sscanf(last, " and %u more", &more), 1);
    assert_true(told > 20);
    assert_int_equal(told + more, 100);
}

static const char *no_x(const char *rule, const char *text, struct bus_arena *arena)
{
    (void)arena;
    return strcmp(rule, "no-x") == 0 && strchr(text, 'x') != NULL ? "holds an x" : NULL;
}

/* Faults of the schema and of rules stand in the order of the text, and the rest can be read all the same. */
static void test_outside_all_is_told_at_once(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer map = {0};
    struct bus_error err = {0};
    struct bus_faults faults;
    struct ruled {
        const char *name, *other;
        int64_t age;
        bool has_age;
        const char *const *list;
        size_t list_n;
    } *value = NULL;
    const struct bus_field fields[] = {
        {.name = "name",
         .kind = BUS_KIND_TEXT,
         AT(ruled, name),
         NO_HAS,
         NO_N,
         .max_length = 3,
         .rule = "no-x"},
        {.name = "age", .kind = BUS_KIND_INT, AT(ruled, age), HAS(ruled, age), NO_N, .min = 0, .max = 9},
        {.name = "list",
         .kind = BUS_KIND_TEXT,
         .array = true,
         AT(ruled, list),
         NO_HAS,
         N(ruled, list),
         .rule = "no-x"},
        {.name = "other", .kind = BUS_KIND_TEXT, .required = true, AT(ruled, other), NO_HAS, NO_N},
    };
    const struct bus_shape shape = {"ruled", sizeof(struct ruled), fields, 4};
    static const char *const wanted[][2] = {{"/list/1", "holds an x"},
                                            {"/age", "must be at most 9"},
                                            {"/name", "must have at most 3 characters"}};
    const char *json = "{\"list\":[\"a\",\"x\"],\"age\":10,\"name\":\"xxxx\",\"other\":\"xx\"}";
    assert_int_equal(bus_json_to_msgpack(bus_bytes_of(json), &bus_scan_data, &map, &err), BUS_OK);
    assert_int_equal(
        bus_decode_outside(&shape, bus_buffer_bytes(&map), no_x, arena, (void **)&value, &faults, &err),
        BUS_INVALID);
    assert_int_equal(faults.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(faults.items[i].pointer, wanted[i][0]);
        assert_string_equal(faults.items[i].text, wanted[i][1]);
        assert_int_equal(faults.items[i].ruled, i == 0);
    }
    assert_string_equal(value->other, "xx");
    assert_int_equal(value->list_n, 2);
    bus_buffer_clear(&map);
    assert_int_equal(
        bus_json_to_msgpack(bus_bytes_of("{\"name\":\"x\",\"other\":\"\"}"), &bus_scan_data, &map, &err),
        BUS_OK);
    assert_int_equal(bus_decode(&shape, bus_buffer_bytes(&map), false, arena, (void **)&value, &faults, &err),
                     BUS_OK); /* what was taken in stays what it was */
}

static void test_epoch_is_no_time(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    assert_int_equal(decode(arena,
                            "{\"id\":\"" SAMPLE_ID
                            "\",\"at\":\"1970-01-01T01:00:00+01:00\",\"postcode\":\"1000\","
                            "\"colour\":\"red\",\"home\":{\"name\":\"a\"}}",
                            false, NULL, NULL, &err),
                     BUS_INVALID);
    assert_string_equal(err.text, "/at must not be the first instant of 1970");
}

static void test_very_many_faults(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer json = {0};
    bus_buffer_text(&json, "{" SAMPLE_MUST);
    for (int i = 0; i < 900; i++)
        bus_buffer_printf(&json, ",\"unknown-%d\":%d", i, i);
    bus_buffer_add(&json, "}", 2);
    struct bus_faults faults;
    struct bus_error err = {0};
    assert_int_equal(decode(arena, (const char *)json.data, false, NULL, &faults, &err), BUS_INVALID);
    assert_int_equal(faults.found, 900);
    assert_int_equal(faults.n, 900);
    assert_string_equal(faults.items[899].pointer, "/unknown-899");
    assert_string_equal(err.text, "/unknown-0 is not known here (and 899 more)");
}

static void test_long_name_is_cut_between_characters(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer json = {0};
    bus_buffer_text(&json, "{" SAMPLE_MUST ",\"x");
    for (int i = 0; i < 100; i++)
        bus_buffer_text(&json, "\xc3\xa9");
    bus_buffer_add(&json, "\":1}", 5);
    struct bus_faults faults;
    struct bus_error err = {0};
    assert_int_equal(decode(arena, (const char *)json.data, false, NULL, &faults, &err), BUS_INVALID);
    assert_int_equal(strlen(faults.items[0].pointer), 1 + 63);
    assert_int_equal(faults.items[0].pointer[63], '\xa9');
}

static void test_values_are_never_quoted(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_faults faults;
    struct bus_error err = {0};
    assert_int_equal(
        decode(arena,
               "{\"id\":\"SECRET\",\"at\":\"SECRET\",\"postcode\":\"SECRET\",\"colour\":\"SECRET\",\"home\":"
               "{\"name\":\"SECRET\",\"age\":\"SECRET\",\"born\":\"SECRET\"}}",
               false, NULL, &faults, &err),
        BUS_INVALID);
    assert_int_equal(faults.n, 7);
    for (size_t i = 0; i < faults.n; i++)
        assert_null(strstr(faults.items[i].text, "SECRET"));
    assert_null(strstr(err.text, "SECRET"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_fault),
        cmocka_unit_test(test_fault_of_plain_fields),
        cmocka_unit_test(test_length_is_told_with_what_is_asked),
        cmocka_unit_test(test_long_list_of_words_ends_with_a_whole_one),
        cmocka_unit_test(test_outside_all_is_told_at_once),
        cmocka_unit_test(test_epoch_is_no_time),
        cmocka_unit_test(test_very_many_faults),
        cmocka_unit_test(test_long_name_is_cut_between_characters),
        cmocka_unit_test(test_values_are_never_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
