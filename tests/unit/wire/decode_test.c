/* Decoding: what a valid message becomes. */
#include "decoded.h"

static void test_full(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct bus_faults faults;
    struct sample_person *person;
    assert_int_equal(decode(arena, SAMPLE_FULL, false, &person, &faults, &err), BUS_OK);
    assert_int_equal(faults.found, 0);
    char text[BUS_ID_TEXT];
    bus_id_format(person->id, text);
    assert_string_equal(text, SAMPLE_ID);
    assert_true(person->at_us == INT64_C(1795335600000000));
    assert_string_equal(person->postcode, "2200");
    assert_int_equal(person->colour, SAMPLE_GREEN);
    assert_string_equal(person->home.name, "Asse");
    assert_false(person->home.has_age);
    assert_null(person->home.born);
    assert_non_null(person->partner);
    assert_true(person->partner->has_age && person->partner->age == 3);
    assert_int_equal(person->children_n, 2);
    assert_true(person->children[0].has_age && person->children[0].age == 0);
    assert_string_equal(person->children[0].born, "2026-02-28");
    assert_false(person->children[1].has_age);
    assert_int_equal(person->interests_n, 2);
    assert_string_equal(person->interests[1], "football");
    assert_int_equal(person->numbers_n, 3);
    assert_true(person->numbers[0] == -1 && person->numbers[2] == INT64_MAX);
    assert_true(person->has_weight && person->weight == 0.5);
    assert_true(person->has_active && !person->active);
    assert_true(bus_bytes_equal(person->extra, bus_bytes("\x81\xa3"
                                                         "any\x93\x01\xc0\x80",
                                                         9)));
    assert_string_equal(person->slash, "x");
    assert_string_equal(person->phone, "0470");
    assert_true(person->friends_n == 1 && bus_id_equal(person->friends[0], person->id));
}

static void test_absent(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct sample_person *person;
    assert_int_equal(decode(arena, "{" SAMPLE_MUST "}", false, &person, NULL, &err), BUS_OK);
    assert_null(person->partner);
    assert_null(person->children);
    assert_int_equal(person->children_n, 0);
    assert_null(person->interests);
    assert_null(person->slash);
    assert_false(person->has_weight || person->has_active);
    assert_int_equal(person->extra.size, 0);
    assert_int_equal(decode(arena, "{" SAMPLE_MUST ",\"children\":[]}", false, &person, NULL, &err), BUS_OK);
    assert_non_null(person->children);
    assert_int_equal(person->children_n, 0);
}

static void test_order_does_not_matter(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct sample_person *person;
    assert_int_equal(
        decode(
            arena,
            "{\"a/b~c\":\"x\",\"home\":{\"age\":1,\"name\":\"A\"},\"colour\":\"red\",\"postcode\":\"1730\","
            "\"at\":\"2026-11-22T09:20:00+01:00\",\"id\":\"" SAMPLE_ID "\"}",
            false, &person, NULL, &err),
        BUS_OK);
    assert_int_equal(person->colour, SAMPLE_RED);
    assert_true(person->at_us == INT64_C(1795335600000000));
    assert_true(person->home.has_age && person->home.age == 1);
}

static void test_lenient(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct sample_person *person;
    const char *json = "{\"new\":{\"a\":[1,2,{\"b\":1}]}," SAMPLE_MUST
                       ",\"partner\":{\"later\":[1],\"name\":\"Bo\"},\"z\":0}";
    assert_int_equal(decode(arena, json, true, &person, NULL, &err), BUS_OK);
    assert_string_equal(person->partner->name, "Bo");
    assert_int_equal(decode(arena, json, false, &person, NULL, &err), BUS_INVALID);
    assert_int_equal(decode(arena, "{\"new\":1}", true, &person, NULL, &err),
                     BUS_INVALID); /* only of the unknown */
}

static void test_integers_as_reals(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_error err = {0};
    struct sample_person *person;
    assert_int_equal(decode(arena,
                            "{" SAMPLE_MUST ",\"numbers\":[3.0,-2.0,1e3,9007199254740992.0],\"weight\":7}",
                            false, &person, NULL, &err),
                     BUS_OK);
    assert_true(person->numbers[0] == 3 && person->numbers[1] == -2 && person->numbers[2] == 1000);
    assert_true(person->numbers[3] == INT64_C(9007199254740992));
    assert_true(person->weight == 7);
    assert_int_equal(
        decode(arena, "{" SAMPLE_MUST ",\"numbers\":[9007199254740994.0]}", false, NULL, NULL, &err),
        BUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_lenient),
        cmocka_unit_test(test_integers_as_reals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
