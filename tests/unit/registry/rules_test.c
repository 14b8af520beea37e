/* The small rules: programmes by kind, the life of a volunteer, grounds, merging, pages; and the places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "../../../services/registry/grounds.h"
#include "../../../services/registry/merging.h"
#include "../../../services/registry/programme.h"
#include "../../../services/registry/volunteer.h"
#include "bus/clock.h"
#include "sql/registry.h"

static void test_each_kind_has_rules_within_the_schema(void **state)
{
    (void)state;
    for (int kind = COMMON_PROGRAMME_KIND_LANGUAGE_DUO; kind <= COMMON_PROGRAMME_KIND_CONVERSATION_GROUP;
         kind++) {
        struct registry_programme_configured said = {.programme = "some-duo",
                                                     .partnership = "some",
                                                     .kind = kind,
                                                     .name = "Some",
                                                     .version = 1,
                                                     .rules = programme_rules_of(kind),
                                                     .weights = programme_weights_of(kind)};
        struct bus_buffer out = {0};
        struct bus_error err = {0};
        assert_int_equal(bus_encode(registry_programme_configured_type.shape, &said, &out, &err), BUS_OK);
        bus_buffer_done(&out);
        struct common_weights_in_force w = said.weights;
        assert_int_equal(w.distance + w.age + w.family + w.interests + w.language + w.waiting, 100);
    }
    assert_int_equal(programme_rules_of(COMMON_PROGRAMME_KIND_LANGUAGE_DUO).silence_after_days, 45);
    assert_int_equal(programme_rules_of(COMMON_PROGRAMME_KIND_LANGUAGE_DUO).proposal_valid_days, 21);
}

static void test_a_change_keeps_the_rest(void **state)
{
    (void)state;
    struct common_rules_in_force rules = programme_rules_of(COMMON_PROGRAMME_KIND_SUPPORT_BUDDY),
                                 before = rules;
    struct common_weights_in_force weights = programme_weights_of(COMMON_PROGRAMME_KIND_SUPPORT_BUDDY);
    programme_change_rules(&rules, NULL);
    programme_change_weights(&weights, NULL);
    programme_change_rules(&rules, &(struct common_rules){.has_min_shared_slots = true,
                                                          .min_shared_slots = 0,
                                                          .has_same_language_required = true,
                                                          .same_language_required = true});
    assert_int_equal(rules.min_shared_slots, 0);
    assert_true(rules.same_language_required);
    assert_int_equal(rules.silence_after_days, before.silence_after_days);
    programme_change_rules(&rules, &(struct common_rules){.has_max_distance_km = true,
                                                          .max_distance_km = 3,
                                                          .has_silence_after_days = true,
                                                          .silence_after_days = 9,
                                                          .has_proposal_valid_days = true,
                                                          .proposal_valid_days = 8,
                                                          .has_match_every_hours = true,
                                                          .match_every_hours = 7,
                                                          .has_first_after_days = true,
                                                          .first_after_days = 100});
    assert_true(rules.max_distance_km > 2.9 && rules.max_distance_km < 3.1);
    assert_int_equal(rules.silence_after_days + rules.proposal_valid_days + rules.match_every_hours, 24);
    assert_int_equal(rules.first_after_days, 100);
    programme_change_weights(&weights, &(struct common_weights){.has_distance = true,
                                                                .distance = 1,
                                                                .has_age = true,
                                                                .age = 2,
                                                                .has_family = true,
                                                                .family = 3,
                                                                .has_interests = true,
                                                                .interests = 4,
                                                                .has_language = true,
                                                                .language = 5,
                                                                .has_waiting = true,
                                                                .waiting = 6});
    assert_int_equal(weights.distance + weights.age * 10 + weights.family * 100 + weights.interests * 1000 +
                         weights.language * 10000 + weights.waiting * 100000,
                     654321);
}

static void test_same_programme(void **state)
{
    (void)state;
    struct registry_programme_configured a = {.programme = "p-duo",
                                              .partnership = "p",
                                              .kind = 1,
                                              .name = "P",
                                              .rules = programme_rules_of(1),
                                              .weights = programme_weights_of(1)},
                                         b = a;
    b.version = 5;
    assert_true(programme_same(&a, &b));
    b.has_action = true;
    assert_false(programme_same(&a, &b));
    b = a;
    b.rules.max_distance_km = 9.5;
    assert_false(programme_same(&a, &b));
    b = a;
    b.rules.first_after_days++;
    assert_false(programme_same(&a, &b));
    b = a;
    b.weights.waiting++;
    assert_false(programme_same(&a, &b));
    b = a;
    b.name = "Q";
    assert_false(programme_same(&a, &b));
}

static void test_volunteer_steps(void **state)
{
    (void)state;
    struct bus_error err;
    /* rows: none, recruited, available, resting, stopped; columns: recruit, available, rest, stop, intake */
    static const int may[5][5] = {
        {1, 0, 0, 0, 0}, {0, 1, 1, 1, 1}, {0, 1, 1, 1, 1}, {0, 1, 1, 1, 1}, {1, 0, 0, 1, 0}};
    for (int from = 0; from < 5; from++)
        for (int step = 0; step < 5; step++)
            assert_int_equal(volunteer_may(from, step, &err), may[from][step] ? BUS_OK : BUS_CONFLICT);
    int64_t now_us = INT64_C(1771754400000000), due_us = 0; /* 2026-02-22T10:00Z */
    assert_int_equal(volunteer_rest_end("2026-02-23", now_us, &due_us, &err), BUS_OK);
    assert_int_equal(due_us, now_us + 18 * BUS_HOUR_US);
    assert_int_equal(volunteer_rest_end("2026-02-22", now_us, &due_us, &err), BUS_INVALID);
    assert_int_equal(volunteer_rest_end("2026-02-30", now_us, &due_us, &err), BUS_INVALID);
    assert_int_equal(due_us, now_us + 18 * BUS_HOUR_US);
    assert_int_equal(merging_rest_due_us(&(struct person_volunteer){.rest_until = "2026-02-23"}), due_us);
}

static void test_grounds(void **state)
{
    (void)state;
    uint8_t hash[INSZ_HASH_BYTES] = {1}, other_hash[INSZ_HASH_BYTES] = {2};
    struct personal a = {.insz_hash = bus_bytes(hash, sizeof hash),
                         .email_key = "a@b.c",
                         .phone = "+32470123456",
                         .name_key = "a b"};
    struct personal b = a, nothing = {0};
    struct grounds_side one = {&a, 1980, "1730"}, two = {&b, 1980, "2200"}, none = {&nothing, 0, "1730"};
    assert_int_equal(grounds_between(&one, &two), 15);
    assert_int_equal(grounds_between(&one, &none), 0);
    assert_int_equal(grounds_between(&none, &none), 0);
    b.insz_hash = bus_bytes(other_hash, sizeof other_hash);
    b.phone = NULL;
    assert_int_equal(grounds_between(&one, &two), GROUND_EMAIL | GROUND_NAME);
    two.birth_year = 1981;
    assert_int_equal(grounds_between(&one, &two), GROUND_EMAIL);
    two.birth_year = 0; /* not known: the postcode decides */
    assert_int_equal(grounds_between(&one, &two), GROUND_EMAIL);
    two.postcode = "1730";
    assert_int_equal(grounds_between(&one, &two), GROUND_EMAIL | GROUND_NAME);
    struct bus_arena *arena = bus_arena_new();
    size_t n = 9;
    const int *list = grounds_list(GROUND_NAME | GROUND_NUMBER, arena, &n);
    assert_int_equal(n, 2);
    assert_int_equal(list[0], REGISTRY_DUPLICATE_GROUND_NATIONAL_NUMBER);
    assert_int_equal(list[1], REGISTRY_DUPLICATE_GROUND_NAME);
    grounds_list(0, arena, &n);
    assert_int_equal(n, 0);
    bus_arena_free(&arena);
}

static void test_merged_profile(void **state)
{
    (void)state;
    static const char *const languages[] = {"ar"}, *const others[] = {"fr", "ti"};
    struct common_profile keep = {.gender = COMMON_GENDER_MAN, .languages = languages, .languages_n = 1},
                          empty = {0};
    struct common_profile drop = {.gender = COMMON_GENDER_WOMAN,
                                  .has_birth_year = true,
                                  .birth_year = 1990,
                                  .languages = others,
                                  .languages_n = 2,
                                  .interests = others,
                                  .interests_n = 2};
    assert_false(merging_profile(&keep, &empty));
    assert_true(merging_profile(&keep, &drop));
    assert_int_equal(keep.gender, COMMON_GENDER_MAN);
    assert_int_equal(keep.birth_year, 1990);
    assert_int_equal(keep.languages_n, 1);
    assert_ptr_equal(keep.interests, others);
    assert_false(merging_profile(&keep, &drop));
}

static void test_merged_volunteer(void **state)
{
    (void)state;
    enum { NONE, RECRUITED, AVAILABLE, RESTING, STOPPED };
    /* rows: kept, columns: dropped, both in the order of the states; the kept one with 1 place, the other 2
     */
    static const int states[5][5] = {{NONE, RECRUITED, AVAILABLE, RESTING, STOPPED},
                                     {RECRUITED, RECRUITED, AVAILABLE, RESTING, RECRUITED},
                                     {AVAILABLE, AVAILABLE, AVAILABLE, RESTING, AVAILABLE},
                                     {RESTING, RESTING, RESTING, RESTING, RESTING},
                                     {STOPPED, RECRUITED, AVAILABLE, RESTING, STOPPED}},
                     places[5][5] = {
                         {0, 2, 2, 2, 2}, {1, 2, 2, 2, 1}, {1, 2, 2, 2, 1}, {1, 2, 2, 2, 1}, {1, 2, 2, 2, 1}};
    for (int kept = NONE; kept <= STOPPED; kept++)
        for (int dropped = NONE; dropped <= STOPPED; dropped++) {
            struct person_volunteer keep = {.state = kept, .capacity = kept != NONE};
            struct person_volunteer drop = {.state = dropped, .capacity = dropped != NONE ? 2 : 0};
            bool changes = states[kept][dropped] != kept || places[kept][dropped] != keep.capacity;
            assert_int_equal(merging_volunteer(&keep, &drop), changes);
            assert_int_equal(keep.state, states[kept][dropped]);
            assert_int_equal(keep.capacity, places[kept][dropped]);
        }
}

static void test_merged_rest(void **state)
{
    (void)state;
    static const char *const days[] = {NULL, "2026-03-05", "2026-04-01"}; /* NULL: no end */
    for (int kept = 0; kept < 3; kept++)
        for (int dropped = 0; dropped < 3; dropped++) {
            struct person_volunteer keep = {REGISTRY_VOLUNTEER_STATE_RESTING, 1, days[kept], NULL};
            struct person_volunteer drop = {REGISTRY_VOLUNTEER_STATE_RESTING, 1, days[dropped], "2026-01-01"};
            const char *until = kept && dropped ? days[kept > dropped ? kept : dropped] : NULL;
            assert_true(merging_volunteer(&keep, &drop));
            assert_ptr_equal(keep.rest_until, until);
            assert_string_equal(keep.informed_on, "2026-01-01");
            assert_false(merging_volunteer(&keep, &drop));
        }
    struct person_volunteer keep = {REGISTRY_VOLUNTEER_STATE_AVAILABLE, 1, NULL, "2025-01-01"};
    struct person_volunteer drop = {REGISTRY_VOLUNTEER_STATE_RESTING, 1, days[1], "2026-01-01"};
    assert_true(merging_volunteer(&keep, &drop));
    assert_string_equal(keep.rest_until, days[1]);
    assert_string_equal(keep.informed_on, "2025-01-01");
}

/* What the migration loads. */
static void test_places(void **state)
{
    (void)state;
    static const struct {
        const char *postcode, *nis;
    } cases[] = {{"9200", "42006"}, {"9280", "42011"}, {"9255", "42004"}, {"9220", "42008"},
                 {"2200", "13011"}, {"2280", "13010"}, {"2270", "13012"}, {"2460", "13017"},
                 {"2275", "13019"}, {"2250", "13029"}, {"2290", "13044"}, {"1730", "23002"},
                 {"1731", "23002"}, {"9820", "44043"}, {"9000", "44021"}, {"9050", "44021"},
                 {"1000", "21004"}, {"1785", "23052"}, {"1190", "21007"}};
    const struct bus_migration *places = &registry_migrations[1];
    assert_string_equal(places->name, "0002_places");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char start[16], nis[16];
        snprintf(start, sizeof start, "\n('%s', ", cases[i].postcode);
        snprintf(nis, sizeof nis, ", '%s', ", cases[i].nis);
        const char *row = strstr(places->text, start);
        assert_non_null(row);
        const char *end = strchr(row + 1, '\n'), *found = strstr(row, nis);
        assert_true(found != NULL && found < end);
    }
    assert_non_null(strstr(places->text, "('44043', 'Merelbeke', '2024-12-31')"));
    assert_non_null(strstr(places->text, "('13011', 'Herentals', NULL)"));
}

static void test_a_programme_ends_on_a_day_that_has_begun(void **state)
{
    (void)state;
    struct bus_error err = {0};
    int64_t midnight_us = INT64_C(20000) * BUS_DAY_US; /* 2024-10-04, UTC */
    assert_int_equal(programme_end_day("2024-10-04", 0, midnight_us, &err), BUS_OK);
    assert_int_equal(programme_end_day("2024-10-05", 0, midnight_us, &err), BUS_CONFLICT);
    assert_int_equal(programme_end_day("2024-10-05", 0, midnight_us + 22 * BUS_HOUR_US, &err), BUS_OK);
    assert_int_equal(programme_end_day("2024-13-01", 0, midnight_us, &err), BUS_INVALID);
}

static void test_a_programme_ended_lately_and_once_it_was_there(void **state)
{
    (void)state;
    struct bus_error err = {0};
    int64_t midnight_us = INT64_C(20000) * BUS_DAY_US; /* 2024-10-04, UTC */
    assert_int_equal(programme_end_day("2024-09-03", 0, midnight_us + BUS_DAY_US - 1, &err), BUS_OK);
    assert_int_equal(programme_end_day("2024-09-02", 0, midnight_us, &err), BUS_CONFLICT);
    assert_int_equal(programme_end_day("2024-10-03", midnight_us - 1, midnight_us, &err), BUS_OK);
    assert_int_equal(programme_end_day("2024-10-03", midnight_us, midnight_us, &err), BUS_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind_has_rules_within_the_schema),
        cmocka_unit_test(test_a_change_keeps_the_rest),
        cmocka_unit_test(test_same_programme),
        cmocka_unit_test(test_a_programme_ends_on_a_day_that_has_begun),
        cmocka_unit_test(test_a_programme_ended_lately_and_once_it_was_there),
        cmocka_unit_test(test_volunteer_steps),
        cmocka_unit_test(test_grounds),
        cmocka_unit_test(test_merged_profile),
        cmocka_unit_test(test_merged_volunteer),
        cmocka_unit_test(test_merged_rest),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
