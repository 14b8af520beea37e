/* The small rules of the edge: local times, parameters, problems, who may what, CloudEvents. */
#include "support.h"

#include "../../../services/gateway/belonging.h"
#include "../../../services/gateway/cloud.h"
#include "../../../services/gateway/input.h"
#include "../../../services/gateway/local_time.h"
#include "../../../services/gateway/problem.h"
#include "../../../services/gateway/query_string.h"
#include "../../../services/gateway/token.h"
#include "../../../services/gateway/who.h"
#include "bus/clock.h"
#include "schema/all.h"
#include "schema/registry.h"

/* ---- times */

static void assert_local(const char *local, const char *utc)
{
    char text[BUS_TIME_TEXT];
    int64_t time_us = 0;
    if (!local_time_parse(local, strlen(local), &time_us))
        fail_msg("%s is not taken", local);
    bus_time_format(time_us, text);
    assert_string_equal(text, utc);
}

static void belgian_time_over_both_changes(void **state)
{
    (void)state;
    assert_local("2026-01-15T09:30", "2026-01-15T08:30:00Z");
    assert_local("2026-07-15T09:30:05", "2026-07-15T07:30:05Z");
    assert_local("2026-07-15T09:30:05.25", "2026-07-15T07:30:05.250000Z");
    assert_local("2026-03-29T01:59:59", "2026-03-29T00:59:59Z");
    assert_local("2026-03-29T03:00:00", "2026-03-29T01:00:00Z");
    assert_local("2026-10-25T01:59:59", "2026-10-24T23:59:59Z");
    assert_local("2026-10-25T02:00:00", "2026-10-25T00:00:00Z"); /* twice: the first */
    assert_local("2026-10-25T02:59:59.5", "2026-10-25T00:59:59.500000Z");
    assert_local("2026-10-25T03:00:00", "2026-10-25T02:00:00Z");
    assert_local("1985-12-24T12:00", "1985-12-24T11:00:00Z");
    assert_local("1965-07-01T12:00:01.25", "1965-07-01T11:00:01.250000Z");
    assert_local("1900-01-02T12:00", "1900-01-02T12:00:00Z");
}

static void what_has_a_zone_or_is_no_time_is_left(void **state)
{
    (void)state;
    static const char *const others[] = {"2026-01-15T09:30:00Z",
                                         "2026-01-15T09:30:00+01:00",
                                         "2026-01-15",
                                         "2026-13-01T09:30",
                                         "2026-01-15 09:30",
                                         "2026-01-15T25:00",
                                         "2026-02-30T10:00",
                                         "2026-03-29T02:00",
                                         "2026-03-29T02:59:59",
                                         "",
                                         "T",
                                         "2026-01-15T09:30:00.123456789012345"};
    int64_t time_us = 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(local_time_parse(others[i], strlen(others[i]), &time_us));
}

static void times_within_a_message_are_found_by_its_shape(void **state)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_bytes in = msgpack_of(
        *state, "{\"proposal_id\":\"2026-01-15T09:30\",\"at\":\"2026-01-15T09:30\",\"unknown\":[1]}");
    local_times_write(&scheduling_plan_meeting_shape, in, &out);
    assert_string_equal(
        json_of(*state, bus_buffer_bytes(&out)),
        "{\"proposal_id\":\"2026-01-15T09:30\",\"at\":\"2026-01-15T08:30:00Z\",\"unknown\":[1]}");
    bus_buffer_clear(&out);
    local_times_write(&scheduling_plan_meeting_shape, msgpack_of(*state, "[7]"), &out);
    assert_string_equal(json_of(*state, bus_buffer_bytes(&out)), "[7]");
}

/* ---- faults and parameters */

static void faults_are_put_behind_their_place(void **state)
{
    struct bus_faults faults = {0};
    struct bus_error err = {0};
    void *value = NULL;
    assert_int_equal(input_check(&matching_explain_shape, msgpack_of(*state, "{\"programme\":\"A B\"}"),
                                 "/3/data", *state, &value, &faults, &err),
                     BUS_INVALID);
    assert_true(has_fault(&faults, "/3/data/programme"));
    assert_true(has_fault(&faults, "/3/data/newcomer_id"));
    assert_int_equal(faults.n, 3);
    for (int i = 0; i < 2000; i++)
        input_fault(&faults, *state, "", "one more");
    assert_int_equal(faults.n, BUS_FAULTS_MAX);
    assert_int_equal(faults.found, 2003);
}

/* A name may be anything that was sent. */
static void a_place_is_a_pointer_whatever_its_name(void **state)
{
    char expected[66] = "/";
    const char *text = bus_printf(*state, "%0100d", 0);
    assert_string_equal(input_place(*state, "/0/data", "a"), "/0/data/a");
    assert_string_equal(input_place(*state, "", "a/b~c"), "/a~1b~0c");
    assert_string_equal(input_place(*state, "", "\xff\n \x7f"), "/????");
    assert_string_equal(input_place(*state, "", ""), "/");
    memset(expected + 1, '0', 64);
    assert_string_equal(input_place(*state, "", text), expected);
}

/* More partnerships than can be kept in mind. */
static void every_partnership_that_exists_is_known(void **state)
{
    (void)state;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(belonging_free) struct belonging *belonging = belonging_new();
    const struct who who = {.name = "adapter:test"};
    for (int i = 0; i < 1010; i++) {
        const char *name = bus_printf(arena, "partnership-%d", i);
        struct intake_event event = {
            .header = {.extensions = {{"partnership", name}}}, .place = "", .data_place = "/data"};
        struct intake intake = {.who = &who, .events = &event, .n = 1};
        struct registry_belonging_reply told = {.partnerships = &name, .partnerships_n = i < 1009};
        AUTO(bus_buffer_done) struct bus_buffer data = {0};
        struct bus_bytes query;
        struct bus_faults faults = {0};
        struct bus_error err;
        assert_true(belonging_of_events(belonging, &intake, arena, &query));
        assert_int_equal(bus_encode(registry_belonging_type.reply, &told, &data, &err), BUS_OK);
        const struct answer answer = {.data = bus_buffer_bytes(&data), .arena = arena};
        assert_int_equal(belonging_judge_events(belonging, &intake, &answer, arena, &faults, &err),
                         i < 1009 ? BUS_OK : BUS_INVALID);
    }
}

static void an_answer_about_a_person_who_was_not_asked_about_lets_nothing_in(void **state)
{
    struct bus_arena *arena = *state;
    AUTO(belonging_free) struct belonging *belonging = belonging_new();
    const char *asse = "asse";
    const struct who who = {.name = "adapter:test", .partnerships = &asse, .partnerships_n = 1};
    static const enum bus_status wanted[] = {BUS_OK, BUS_BUG};
    for (int64_t n = 0; n < 2; n++) {
        struct intake_event event = {.header = {.extensions = {{"partnership", asse}}},
                                     .external_person = "case-1",
                                     .place = "",
                                     .data_place = "/data"};
        struct intake intake = {.who = &who, .events = &event, .n = 1};
        struct registry_belonging_reply_places place = {.n = n, .partnership = asse};
        struct registry_belonging_reply told = {
            .partnerships = &asse, .partnerships_n = 1, .places = &place, .places_n = 1};
        AUTO(bus_buffer_done) struct bus_buffer data = {0};
        struct bus_faults faults = {0};
        struct bus_error err;
        assert_int_equal(bus_encode(registry_belonging_type.reply, &told, &data, &err), BUS_OK);
        const struct answer answer = {.data = bus_buffer_bytes(&data), .arena = arena};
        assert_int_equal(belonging_judge_events(belonging, &intake, &answer, arena, &faults, &err),
                         wanted[n]);
    }
}

static const char *written(struct bus_arena *arena, const struct bus_shape *shape,
                           const struct parameter *parameters, size_t n, struct bus_faults *faults)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    query_string_write(shape, parameters, n, arena, &out, faults);
    return json_of(arena, bus_buffer_bytes(&out));
}

static void parameters_become_what_the_query_wants(void **state)
{
    struct bus_faults faults = {0};
    const struct parameter good[] = {
        {"partnership", "asse"}, {"published", "true"}, {"project_year", "2024"}};
    assert_string_equal(written(*state, &reporting_report_shape, good, 3, &faults),
                        "{\"partnership\":\"asse\",\"published\":true,\"project_year\":2024}");
    assert_int_equal(faults.found, 0);
    const struct parameter time[] = {{"at", "2026-01-15T09:30:00 01:00"}};
    assert_string_equal(written(*state, &scheduling_plan_meeting_shape, time, 1, &faults),
                        "{\"at\":\"2026-01-15T09:30:00+01:00\"}");
    assert_int_equal(faults.found, 0);
}

static void parameters_that_are_none(void **state)
{
    struct bus_faults faults = {0};
    const struct parameter bad[] = {{"colour", "red"}, {"published", "yes"}, {"project_year", "20x"},
                                    {"limit", ""},     {"nis", "13011"},     {"nis", "13012"}};
    assert_string_equal(written(*state, &reporting_report_shape, bad, 6, &faults), "{\"nis\":\"13011\"}");
    assert_int_equal(faults.n, 5);
    assert_true(has_fault(&faults, "/colour") && has_fault(&faults, "/published") &&
                has_fault(&faults, "/project_year") && has_fault(&faults, "/limit") &&
                has_fault(&faults, "/nis"));
    const struct parameter huge[] = {
        {"limit", "99999999999999999999"}, {"project_year", " 1"}, {"action", "0x10"}};
    struct bus_faults more = {0};
    assert_string_equal(written(*state, &reporting_report_shape, huge, 3, &more), "{}");
    assert_int_equal(more.n, 3);
}

/* ---- problems */

static void a_problem_says_all(void **state)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_faults faults = {0};
    input_fault(&faults, *state, "/a", "is \"wrong\"");
    problem_write(&out, 404, "no \"x\"", "BUS-BUSY", &faults);
    bus_buffer_add(&out, "", 1);
    assert_string_equal(
        (const char *)out.data,
        "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"no \\\"x\\\"\","
        "\"code\":\"BUS-BUSY\",\"errors\":[{\"pointer\":\"/a\",\"detail\":\"is \\\"wrong\\\"\"}]}");
    bus_buffer_clear(&out);
    problem_write(&out, 503, "away", "", NULL);
    bus_buffer_add(&out, "", 1);
    assert_null(strstr((const char *)out.data, "code"));
    assert_null(strstr((const char *)out.data, "errors"));
}

static void each_refusal_has_its_status(void **state)
{
    (void)state;
    assert_int_equal(problem_status(BUS_OK), 200);
    assert_int_equal(problem_status(BUS_NOT_FOUND), 404);
    assert_int_equal(problem_status(BUS_CONFLICT), 409);
    assert_int_equal(problem_status(BUS_INVALID), 422);
    assert_int_equal(problem_status(BUS_DENIED), 403);
    assert_int_equal(problem_status(BUS_RETRY), 503);
    assert_int_equal(problem_status(BUS_BUG), 500);
}

/* ---- who may what */

static void scopes_cover_names_and_whole_types(void **state)
{
    (void)state;
    static const char *const scopes[] = {"stop-*", "waiting-list", "koppel.registry.*"};
    struct who who = {.name = "x", .scopes = scopes, .scopes_n = 3};
    assert_true(who_may(&who, "stop-duo", "koppel.matching.stop-duo.v1"));
    assert_true(who_may(&who, "waiting-list", "koppel.matching.waiting-list.v1"));
    assert_true(who_may(&who, "people", "koppel.registry.people.v1"));
    assert_false(who_may(&who, "waiting-lists", "koppel.matching.waiting-lists.v1"));
    assert_false(who_may(&who, "duos", "koppel.matching.duos.v1"));
    assert_false(who_may(&(struct who){.name = "x"}, "duos", "koppel.matching.duos.v1"));
}

static void limits_cover_what_they_name(void **state)
{
    (void)state;
    static const char *const asse[] = {"asse"}, *const nis[] = {"23002"};
    struct who who = {.name = "x", .partnerships = asse, .partnerships_n = 1};
    struct bus_error err = {0};
    assert_true(who_limited(&who));
    assert_true(who_covers_partnership(&who, "asse"));
    assert_false(who_covers_partnership(&who, "hamme"));
    assert_false(who_covers_partnership(&who, NULL));
    assert_true(who_covers_nis(&who, NULL));
    struct matching_waiting_list query = {.partnership = "asse"};
    assert_int_equal(who_covers(&who, &matching_waiting_list_shape, &query, true, &err), BUS_OK);
    query.partnership = "hamme";
    assert_int_equal(who_covers(&who, &matching_waiting_list_shape, &query, true, &err), BUS_DENIED);
    query.partnership = NULL;
    assert_int_equal(who_covers(&who, &matching_waiting_list_shape, &query, true, &err), BUS_DENIED);
    assert_int_equal(who_covers(&who, &matching_waiting_list_shape, &query, false, &err), BUS_OK);
    who.nis = nis;
    who.nis_n = 1;
    query.partnership = "asse";
    query.nis = "13011";
    assert_int_equal(who_covers(&who, &matching_waiting_list_shape, &query, false, &err), BUS_DENIED);
    query.nis = "23002";
    assert_int_equal(who_covers(&who, &matching_waiting_list_shape, &query, true, &err), BUS_OK);
    assert_false(who_limited(&(struct who){.name = "x"}));
}

static void a_source_belongs_to_one(void **state)
{
    static const char *const given[] = {"https://a.example/*", "https://b.example"};
    struct who who = {.name = "adapter:vdab"};
    assert_true(who_may_say(&who, "urn:koppel:adapter:vdab"));
    assert_true(who_may_say(&who, "urn:koppel:adapter:vdab/turnhout"));
    assert_true(who_may_say(&who, "urn:koppel:adapter:vdab:1"));
    assert_false(who_may_say(&who, "urn:koppel:adapter:vdab-west"));
    assert_false(who_may_say(&who, "urn:koppel:adapter:vda"));
    assert_false(who_may_say(&who, "urn:koppel:"));
    assert_false(who_may_say(&who, ""));
    assert_string_equal(who_source(&who, *state), "urn:koppel:adapter:vdab");
    who.sources = given;
    who.sources_n = 2;
    assert_true(who_may_say(&who, "https://a.example/1"));
    assert_false(who_may_say(&who, "https://b.example/1"));
    assert_false(who_may_say(&who, "urn:koppel:adapter:vdab"));
}

static void what_a_key_grants_is_read_whole_or_not_at_all(void **state)
{
    struct who who = {.name = "adapter:x"};
    assert_true(who_grant(&who, "", *state));
    assert_false(who_limited(&who));
    assert_true(who_grant(
        &who, " source=urn:x:* partnership=asse  partnership=hamme nis=23002 reads=registry ", *state));
    assert_true(who_may_say(&who, "urn:x:1"));
    assert_true(who_covers_partnership(&who, "hamme"));
    assert_false(who_covers_partnership(&who, "gent"));
    assert_false(who_covers_nis(&who, "13011"));
    static const char *const bad[] = {"sources=x", "source=", "x", "partnership=asse,hamme x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(who_grant(&(struct who){.name = "adapter:x"}, bad[i], *state));
}

static void a_copy_of_who_stands_alone(void **state)
{
    char name[] = "adapter:x", scope[] = "stop-duo", place[] = "23002";
    const char *scopes[] = {scope}, *nis[] = {place};
    struct who copy, who = {.name = name, .scopes = scopes, .scopes_n = 1, .nis = nis, .nis_n = 1};
    who_copy(*state, &who, &copy);
    memset(name, 'y', sizeof name - 1);
    memset(scope, 'y', sizeof scope - 1);
    memset(place, 'y', sizeof place - 1);
    assert_string_equal(copy.name, "adapter:x");
    assert_true(who_may(&copy, "stop-duo", "t"));
    assert_true(who_covers_nis(&copy, "23002"));
}

static void a_token_is_long_and_its_hash_is_its_own(void **state)
{
    const char *one = token_make(*state), *two = token_make(*state);
    uint8_t a[TOKEN_HASH], b[TOKEN_HASH], again[TOKEN_HASH];
    assert_int_equal(strlen(one), 50);
    assert_int_equal(strncmp(one, "koppel_", 7), 0);
    token_hash(one, strlen(one), a);
    token_hash(two, strlen(two), b);
    token_hash(one, strlen(one), again);
    assert_memory_equal(a, again, TOKEN_HASH);
    assert_memory_not_equal(a, b, TOKEN_HASH);
}

/* ---- CloudEvents out */

static void an_event_of_a_log_as_a_cloud_event(void **state)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    static const char *const headers[] = {
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"after\":{\"registry\":12,\"gateway\":40},\"seq\":3}",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"datacontenttype\":\"application/msgpack\","
        "\"after\":{\"registry\":12,\"gateway\":40},\"seq\":3}"};
    for (int i = 0; i < 2; i++) {
        bus_buffer_clear(&out);
        assert_int_equal(
            cloud_write(msgpack_of(*state, headers[i]), msgpack_of(*state, "{\"a\":[1]}"), &out, &err),
            BUS_OK);
        bus_buffer_add(&out, "", 1);
        assert_string_equal(
            (const char *)out.data,
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"after\":\"registry=12 gateway=40\",\"seq\":3,"
            "\"datacontenttype\":\"application/json\",\"data\":{\"a\":[1]}}");
    }
    assert_int_equal(cloud_write(msgpack_of(*state, "[]"), msgpack_of(*state, "{}"), &out, &err),
                     BUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(belgian_time_over_both_changes),
        TEST(what_has_a_zone_or_is_no_time_is_left),
        TEST(times_within_a_message_are_found_by_its_shape),
        TEST(every_partnership_that_exists_is_known),
        TEST(an_answer_about_a_person_who_was_not_asked_about_lets_nothing_in),
        TEST(faults_are_put_behind_their_place),
        TEST(a_place_is_a_pointer_whatever_its_name),
        TEST(parameters_become_what_the_query_wants),
        TEST(parameters_that_are_none),
        TEST(a_problem_says_all),
        TEST(each_refusal_has_its_status),
        TEST(scopes_cover_names_and_whole_types),
        TEST(limits_cover_what_they_name),
        TEST(a_source_belongs_to_one),
        TEST(what_a_key_grants_is_read_whole_or_not_at_all),
        TEST(a_copy_of_who_stands_alone),
        TEST(a_token_is_long_and_its_hash_is_its_own),
        TEST(an_event_of_a_log_as_a_cloud_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
