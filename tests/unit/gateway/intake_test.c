/* What comes in: good events, and every fault with its place. */
#include "intake_support.h"

#include "bus/clock.h"
#include "schema/gateway.h"

static void a_good_event(void **state)
{
    struct bus_arena *arena = *state;
    struct intake intake = take(arena, EVENT, false, &anyone, BUS_OK);
    assert_int_equal(intake.n, 1);
    const struct intake_event *event = &intake.events[0];
    assert_ptr_equal(event->type, &gateway_referral_received_type);
    assert_string_equal(event->header.id, "e-1");
    assert_string_equal(event->header.source, "https://vdab.example");
    assert_string_equal(event->header.actor, "adapter:vdab");
    assert_string_equal(bus_header_extension_find(&event->header, "partnership"), "asse");
    assert_string_equal(event->header.subject, "01890a5d-ac96-774b-bcce-b302099a8057");
    assert_int_equal(event->header.time_us, 0); /* the loop's clock fills it in */
    assert_null(event->deposit);
    assert_string_equal(json_of(arena, event->data), "{" DATA "}");
}

static void an_attribute_that_is_null_is_absent(void **state)
{
    struct intake intake =
        take(*state,
             "{" HEAD ",\"subject\":null,\"time\":null,\"nis\":null,\"partnership\":null,"
             "\"datacontenttype\":null,\"correlationid\":null,\"data_base64\":null,\"data\":{" DATA "}}",
             false, &anyone, BUS_OK);
    assert_string_equal(bus_header_extension_find(&intake.events[0].header, "partnership"), "asse");
    intake = take(*state, "{\"specversion\":null,\"id\":null,\"source\":null,\"type\":null}", false, &anyone,
                  BUS_INVALID);
    assert_int_equal(intake.faults.n, 4);
    for (size_t i = 0; i < intake.faults.n; i++)
        assert_string_equal(intake.faults.items[i].text, "is required");
}

/* These stand in the log for good. */
static void what_names_an_event_tells_of_nobody(void **state)
{
    static const char *const names[] = {"correlationid", "causationid"};
    static const char *const people[] = {"jan.peeters@example.org", "Jan Peeters", "+32470123456", "-x",
                                         "Andr\u00e9"};
    static const char *const references[] = {"0193f2c1-7d1e-7c3a-9b1f-2f6a4d0c8e11",
                                             "vdab:2026/11#7=a_b~c.d"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t k = 0; k < sizeof people / sizeof *people; k++) {
            const char *json =
                bus_printf(*state, "{" HEAD ",\"%s\":\"%s\",\"data\":{" DATA "}}", names[i], people[k]);
            struct intake intake = take(*state, json, false, &anyone, BUS_INVALID);
            assert_int_equal(intake.faults.n, 1);
            assert_true(has_fault(&intake.faults, bus_printf(*state, "/%s", names[i])));
        }
        for (size_t k = 0; k < sizeof references / sizeof *references; k++)
            take(*state,
                 bus_printf(*state, "{" HEAD ",\"%s\":\"%s\",\"data\":{" DATA "}}", names[i], references[k]),
                 false, &anyone, BUS_OK);
    }
}

static void the_subject_is_what_the_data_says(void **state)
{
    const char *json = "{" HEAD ",\"subject\":\"case-1\",\"data\":{" DATA ",\"external_person\":\"case-1\"}}";
    struct intake intake = take(*state, json, false, &anyone, BUS_OK);
    assert_string_equal(intake.events[0].header.subject, "case-1");
    static const char *const others[] = {"Jan Peeters, Kerkstraat 1", "case-1"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        json = bus_printf(*state, "{" HEAD ",\"subject\":\"%s\",\"data\":{" DATA "}}", others[i]);
        intake = take(*state, json, false, &anyone, BUS_INVALID);
        assert_true(has_fault(&intake.faults, "/subject"));
    }
}

/* Every fault of an event, in the order of telling. */
static const char *faults_of(struct bus_arena *arena, const char *json)
{
    struct intake intake = take(arena, json, false, &anyone, BUS_INVALID);
    const char *all_of_them = "";
    for (size_t i = 0; i < intake.faults.n; i++)
        all_of_them = bus_printf(arena, "%s%s ", all_of_them, intake.faults.items[i].pointer);
    return all_of_them;
}

/* A subject that is right is not at fault because what it repeats is. */
static void a_subject_is_compared_with_nothing_that_is_at_fault(void **state)
{
#define ID "01890A5D-AC96-774B-BCCE-B302099A8057"
    static const char *const same[][3] = {
        {"p1", ",\"external_person\":5", "/data/external_person "},
        {ID, "", "/data/referral_id "},
        {"x", ",\"external_person\":\"p1\"", "/data/referral_id /subject "},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const char *data = i == 0 ? DATA : "\"referral_id\":\"" ID "\"," REST;
        const char *json =
            bus_printf(*state, "{" HEAD ",\"subject\":\"%s\",\"data\":{%s%s}}", same[i][0], data, same[i][1]);
        assert_string_equal(faults_of(*state, json), same[i][2]);
    }
#undef ID
}

static void a_trace_is_a_trace(void **state)
{
    static const char trace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    static const char *const others[] = {"",
                                         "00-1-2-01",
                                         "93051822361",
                                         "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                         "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                                         "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                         "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                                         "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x"};
    struct intake intake =
        take(*state, bus_printf(*state, "{" HEAD ",\"traceparent\":\"%s\",\"data\":{" DATA "}}", trace),
             false, &anyone, BUS_OK);
    assert_string_equal(intake.events[0].header.traceparent, trace);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        intake = take(*state,
                      bus_printf(*state, "{" HEAD ",\"traceparent\":\"%s\",\"data\":{" DATA "}}", others[i]),
                      false, &anyone, BUS_OK);
        assert_null(intake.events[0].header.traceparent);
    }
    intake = take(*state, "{" HEAD ",\"traceparent\":7,\"data\":{" DATA "}}", false, &anyone, BUS_OK);
    assert_null(intake.events[0].header.traceparent);
    static const char *const later[] = {"", "-", "-93051822361"};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        intake = take(*state,
                      bus_printf(*state, "{" HEAD ",\"traceparent\":\"cc%s%s\",\"data\":{" DATA "}}",
                                 trace + 2, later[i]),
                      false, &anyone, BUS_OK);
        assert_string_equal(intake.events[0].header.traceparent, trace);
    }
}

static void equal_content_is_equal_bytes(void **state)
{
    struct intake one = take(*state, EVENT, false, &anyone, BUS_OK);
    struct intake two =
        take(*state,
             "{\"data\":{\"postcode\":\"1730\",\"partnership\":\"asse\",\"reason\":\"support\","
             "\"partner_type\":\"vdab\",\"to\":\"0887010362\",\"from\":\"vdab:turnhout\","
             "\"referral_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\"}," HEAD "}",
             false, &anyone, BUS_OK);
    assert_true(bus_bytes_equal(one.events[0].data, two.events[0].data));
}

static void attributes_that_are_ours_cannot_be_set(void **state)
{
    struct intake intake = take(
        *state,
        "{" HEAD ",\"actor\":\"boss\",\"stream\":\"registry\",\"seq\":9,\"epoch\":7,\"kind\":\"command\","
        "\"after\":{\"x\":1},\"colour\":\"red\",\"data\":{" DATA "}}",
        false, &anyone, BUS_OK);
    const struct bus_header *header = &intake.events[0].header;
    assert_string_equal(header->actor, "adapter:vdab");
    assert_null(header->stream);
    assert_int_equal(header->seq, 0);
    assert_int_equal(header->after_n, 0);
    assert_false(header->command);
}

static void what_has_not_happened_yet_is_at_fault(void **state)
{
    const char *json = "[{" HEAD ",\"time\":\"2026-11-18T11:06:40Z\",\"data\":{" DATA "}},"
                       "{" HEAD ",\"time\":\"2026-11-18T12:06:40.000001+01:00\",\"data\":{" DATA "}},"
                       "{" HEAD ",\"time\":\"2031-01-01T00:00:00\",\"data\":{" DATA "}}]";
    struct intake intake = take(*state, json, true, &anyone, BUS_INVALID);
    assert_int_equal(intake.faults.n, 2);
    assert_string_equal(intake.faults.items[0].pointer, "/1/time");
    assert_string_equal(intake.faults.items[1].pointer, "/2/time");
    /* What is only planned lies ahead, and rightly so. */
    json = "{" HEAD ",\"data\":{" DATA ",\"appointment\":\"2031-01-01T00:00:00Z\"}}";
    take(*state, json, false, &anyone, BUS_OK);
}

static void what_makes_no_sense_is_at_fault(void **state)
{
    static const struct {
        const char *data, *pointer;
    } wrong[] = {
        {",\"profile\":{\"birth_year\":2027}", "/data/profile/birth_year"},
        {",\"profile\":{\"child_birth_years\":[2020,2050]}", "/data/profile/child_birth_years/1"},
        {",\"appointment\":\"2024-03-31T02:30:00\"", "/data/appointment"},
    };
    static const struct {
        const char *time, *words;
    } times[] = {{"2024-02-30", "names a day that is not in the calendar; it must be"},
                 {"2023-02-29T10:00", "names a day that is not in the calendar; it must be"},
                 {"2024-02-29", "is a date without the time of day; it must be"},
                 {"2024-02-29T25:00", "must be a time"},
                 {"tomorrow", "must be a time"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct intake intake =
            take(*state, bus_printf(*state, "{" HEAD ",\"data\":{" DATA "%s}}", wrong[i].data), false,
                 &anyone, BUS_INVALID);
        assert_int_equal(intake.faults.n, 1);
        assert_string_equal(intake.faults.items[0].pointer, wrong[i].pointer);
    }
    struct intake intake = take(*state,
                                "{" HEAD ",\"time\":\"2024-03-31T02:30:00\",\"data\":{" DATA
                                ",\"appointment\":\"2024-03-31T02:30\"}}",
                                false, &anyone, BUS_INVALID);
    assert_int_equal(intake.faults.n, 2);
    for (size_t i = 0; i < intake.faults.n; i++)
        assert_non_null(strstr(intake.faults.items[i].text, "Belgian clocks"));
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        intake =
            take(*state, bus_printf(*state, "{" HEAD ",\"time\":\"%s\",\"data\":{" DATA "}}", times[i].time),
                 false, &anyone, BUS_INVALID);
        assert_int_equal(intake.faults.n, 1);
        assert_memory_equal(intake.faults.items[0].text, times[i].words, strlen(times[i].words));
    }
    take(*state, "{" HEAD ",\"data\":{" DATA ",\"profile\":{\"birth_year\":2026}}}", false, &anyone, BUS_OK);
    static const char status[] =
        "{\"specversion\":\"1.0\",\"id\":\"e-2\",\"source\":\"https://vdab.example\","
        "\"type\":\"koppel.gateway.status-changed.v1\",\"data\":{\"external_person\":"
        "\"case-1\",\"partner_type\":\"vdab\",\"status\":\"employed\",\"since\":"
        "\"%s\"}}";
    take(*state, bus_printf(*state, status, "2027-01-01"), false, &anyone, BUS_OK);
    intake = take(*state, bus_printf(*state, status, "2099-01-01"), false, &anyone, BUS_INVALID);
    assert_true(has_fault(&intake.faults, "/data/since"));
}

static void times_are_belgian_where_they_have_no_zone(void **state)
{
    struct intake intake = take(*state,
                                "{" HEAD ",\"time\":\"2026-07-01T12:00:00\",\"data\":{" DATA
                                ",\"appointment\":\"2026-12-24T09:00\"}}",
                                false, &anyone, BUS_OK);
    char text[BUS_TIME_TEXT];
    bus_time_format(intake.events[0].header.time_us, text);
    assert_string_equal(text, "2026-07-01T10:00:00Z");
    assert_non_null(
        strstr(json_of(*state, intake.events[0].data), "\"appointment\":\"2026-12-24T08:00:00Z\""));
}

static void every_fault_has_its_place(void **state)
{
    struct intake intake =
        take(*state,
             "[" EVENT ",{\"specversion\":\"2\",\"id\":\"\",\"type\":7,\"time\":\"x\",\"data_base64\":\"\"},"
             "{" HEAD ",\"partnership\":\"other\",\"datacontenttype\":\"text/xml\",\"data\":{" DATA "}},"
             "{" HEAD ",\"data\":{\"postcode\":1,\"deposit_id\":\"x\",\"colour\":1}},[],{" HEAD "}]",
             true, &anyone, BUS_INVALID);
    static const char *const places[] = {"/1/specversion",
                                         "/1/id",
                                         "/1/source",
                                         "/1/type",
                                         "/1/time",
                                         "/1/data_base64",
                                         "/2/partnership",
                                         "/2/datacontenttype",
                                         "/3/data/postcode",
                                         "/3/data/deposit_id",
                                         "/3/data/colour",
                                         "/3/data/from",
                                         "/4",
                                         "/5/data"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (!has_fault(&intake.faults, places[i]))
            fail_msg("no fault at %s", places[i]);
    for (size_t i = 0; i < intake.faults.n; i++)
        assert_int_not_equal(strncmp(intake.faults.items[i].pointer, "/0", 2), 0);
    assert_false(intake.malformed);
    assert_false(intake.too_big);
}

/* Nobody but the sender can put these right, and later only by hand. */
static void a_place_that_does_not_fit_is_refused_at_once(void **state)
{
    static const char *const wrong[] = {"23003", "99999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *json = bus_printf(*state, "{" HEAD ",\"nis\":\"%s\",\"data\":{" DATA "}}", wrong[i]);
        struct intake intake = take(*state, json, false, &anyone, BUS_INVALID);
        assert_true(has_fault(&intake.faults, "/nis"));
        assert_non_null(strstr(intake.faults.items[0].text, "23002 (Asse)"));
    }
    take(*state, "{" HEAD ",\"nis\":\"23002\",\"data\":{" DATA "}}", false, &anyone, BUS_OK);
    char *nowhere = bus_strdup(*state, EVENT);
    memcpy(strstr(nowhere, "1730"), "1799", 4);
    struct intake intake = take(*state, nowhere, false, &anyone, BUS_INVALID);
    assert_true(has_fault(&intake.faults, "/data/postcode"));
}

/* Where somebody moved to is for registry to judge: the attribute is of where they lived. */
static void a_status_may_tell_of_another_place(void **state)
{
    static const char told[] =
        "{\"specversion\":\"1.0\",\"id\":\"e-2\",\"source\":\"https://vdab.example\","
        "\"type\":\"koppel.gateway.status-changed.v1\",\"nis\":\"23002\",\"data\":{"
        "\"external_person\":\"case-1\",\"partner_type\":\"vdab\",\"status\":\"employed\","
        "\"postcode\":\"2200\"}}";
    take(*state, told, false, &anyone, BUS_OK);
}

static void only_what_adapters_say_is_taken(void **state)
{
    static const char *const types[] = {"koppel.gateway.token-created.v1", "koppel.gateway.accept-events.v1",
                                        "koppel.matching.duo-stopped.v1",
                                        "koppel.gateway.referral-received.v2", ""};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const char *json = bus_printf(
            *state, "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"%s\",\"data\":{}}",
            types[i]);
        struct intake intake = take(*state, json, false, &anyone, BUS_INVALID);
        assert_int_equal(intake.faults.n, 1);
        assert_string_equal(intake.faults.items[0].pointer, "/type");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_event),
        TEST(an_attribute_that_is_null_is_absent),
        TEST(what_names_an_event_tells_of_nobody),
        TEST(the_subject_is_what_the_data_says),
        TEST(a_subject_is_compared_with_nothing_that_is_at_fault),
        TEST(a_trace_is_a_trace),
        TEST(equal_content_is_equal_bytes),
        TEST(attributes_that_are_ours_cannot_be_set),
        TEST(what_has_not_happened_yet_is_at_fault),
        TEST(what_makes_no_sense_is_at_fault),
        TEST(times_are_belgian_where_they_have_no_zone),
        TEST(every_fault_has_its_place),
        TEST(a_place_that_does_not_fit_is_refused_at_once),
        TEST(a_status_may_tell_of_another_place),
        TEST(only_what_adapters_say_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
