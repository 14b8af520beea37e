/* What comes in: good events, every fault with its place, personal data taken off, and who may send what. */
#include "support.h"

#include "../../../services/gateway/intake.h"
#include "bus/clock.h"
#include "bus/pack.h"
#include "schema/gateway.h"
#include "schema/registry.h"

#define DATA                                                                                      \
    "\"referral_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"from\":\"vdab:turnhout\",\"to\":" \
    "\"0887010362\","                                                                             \
    "\"partner_type\":\"vdab\",\"reason\":\"support\",\"partnership\":\"asse\",\"postcode\":\"1730\""
#define HEAD                                                                      \
    "\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"https://vdab.example\"," \
    "\"type\":\"koppel.gateway.referral-received.v1\""
#define EVENT "{" HEAD ",\"data\":{" DATA "}}"

#define LATEST_US INT64_C(1795000000000000) /* 2026-11-18T11:06:40Z */

static const char *const all[] = {"*"};
static const struct who anyone = {
    .name = "adapter:vdab", .scopes = all, .scopes_n = 1, .sources = all, .sources_n = 1};

static struct intake take(struct bus_arena *arena, const char *json, bool batch, const struct who *who,
                          enum bus_status wanted)
{
    struct intake intake;
    struct bus_error err = {0};
    enum bus_status status = intake_json(bus_bytes_of(json), batch, who, LATEST_US, arena, &intake, &err);
    if (status != wanted)
        fail_msg("%s, not %s: %s (%s) %s", bus_status_name(status), bus_status_name(wanted), err.text,
                 intake.faults.n ? intake.faults.items[0].pointer : "no fault", json);
    return intake;
}

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

static void a_national_number_is_no_reference(void **state)
{
    static const char *const events[] = {
        "{" HEAD ",\"data\":{" DATA ",\"external_person\":\"93051822361\"}}",
        "{" HEAD ",\"data\":{" DATA ",\"external_person\":\"vdab:2024-93.05.18-223.61\"}}",
        "{" HEAD ",\"subject\":\"Jan 93.05.18-223.61\",\"data\":{" DATA "}}",
        "{" HEAD ",\"correlationid\":\"00012556777\",\"data\":{" DATA "}}",
        "{" HEAD ",\"causationid\":\"x/93451822350\",\"data\":{" DATA "}}",
        "{" HEAD ",\"partnership\":\"asse-93051822361\",\"data\":{" DATA "}}",
        "{" HEAD ",\"data\":{" DATA ",\"external_person\":\"x930518_22361\"}}",
        "{" HEAD ",\"data\":{" DATA ",\"external_person\":\"930518:223:61\"}}",
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        struct intake intake = take(*state, events[i], false, &anyone, BUS_INVALID);
        assert_true(intake.faults.found >= 1);
        assert_non_null(strstr(intake.faults.items[0].text, "national number"));
    }
    /* Wrong check digits, no date, more digits, a UUID, parts of a longer row. */
    static const char *const others[] = {"93051822362",
                                         "93991822361",
                                         "1930518223610",
                                         "0887010362",
                                         "93051822-3610-4000-8000-000000000000",
                                         "case:93051822-3610-4000-8000-000000000000",
                                         "7-9-30-51-82-23-61",
                                         "9-30-51-82-23-61",
                                         "93a051822361",
                                         "2026-11-22T09:20:00.123"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        take(*state,
             bus_printf(*state, "{" HEAD ",\"data\":{" DATA ",\"external_person\":\"%s\"}}", others[i]),
             false, &anyone, BUS_OK);
}

static void a_national_number_stands_nowhere(void **state)
{
    static const char *const fields[] = {"from", "to", "partnership", "programme", "external_person"};
    static const char good[] = "{" HEAD ",\"data\":{\"referral_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\","
                               "\"from\":\"%s\",\"to\":\"%s\",\"partner_type\":\"vdab\",\"reason\":"
                               "\"support\",\"partnership\":\"%s\",\"postcode\":\"1730\",\"programme\":"
                               "\"%s\",\"external_person\":\"%s\",\"profile\":{\"interests\":[\"%s\"]}}}";
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *with[5] = {"a1", "a1", "a1", "a1", "a1"};
        with[i] = "a930518-22361";
        struct intake intake =
            take(*state, bus_printf(*state, good, with[0], with[1], with[2], with[3], with[4], "cooking"),
                 false, &anyone, BUS_INVALID);
        assert_true(has_fault(&intake.faults, bus_printf(*state, "/data/%s", fields[i])));
    }
    struct intake intake = take(*state,
                                "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"urn:93.05.18-223.61\","
                                "\"type\":\"koppel.gateway.referral-received.v1\",\"data\":{" DATA "}}",
                                false, &anyone, BUS_INVALID);
    assert_true(has_fault(&intake.faults, "/source"));
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

static void personal_data_becomes_a_deposit(void **state)
{
    struct bus_arena *arena = *state;
    const char *json =
        "{" HEAD ",\"data\":{" DATA ",\"personal\":{\"email\":\"a@example.org\",\"first_name\":\"Ada\"}}}";
    struct intake intake = take(arena, json, false, &anyone, BUS_OK);
    const struct intake_event *event = &intake.events[0];
    const char *data = json_of(arena, event->data);
    char deposit_id[BUS_ID_TEXT];
    assert_non_null(event->deposit);
    bus_id_format(event->deposit->deposit_id, deposit_id);
    assert_null(strstr(data, "Ada"));
    assert_null(strstr(data, "personal"));
    assert_non_null(strstr(data, bus_printf(arena, "\"deposit_id\":\"%s\"", deposit_id)));
    assert_string_equal(event->deposit->first_name, "Ada");
    assert_string_equal(event->deposit->email, "a@example.org");
    assert_null(event->deposit->last_name);
    struct intake again = take(arena, json, false, &anyone, BUS_OK);
    assert_true(bus_id_equal(again.events[0].deposit->deposit_id, event->deposit->deposit_id));
    struct intake none =
        take(arena, "{" HEAD ",\"data\":{" DATA ",\"personal\":{}}}", false, &anyone, BUS_OK);
    assert_null(none.events[0].deposit);
    assert_null(strstr(json_of(arena, none.events[0].data), "deposit_id"));
}

static void a_deposit_holds_personal_fields_alone(void **state)
{
    static const struct {
        const char *personal, *pointer;
    } bad[] = {
        {"{\"deposit_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\"}", "/data/personal/deposit_id"},
        {"{\"person_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\"}", "/data/personal/person_id"},
        {"{\"channel\":\"mail\"}", "/data/personal/channel"},
        {"{\"shoe/size\":43}", "/data/personal/shoe~1size"},
        {"7", "/data/personal"},
        {"[]", "/data/personal"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *json =
            bus_printf(*state, "{" HEAD ",\"data\":{" DATA ",\"personal\":%s}}", bad[i].personal);
        struct intake intake = take(*state, json, false, &anyone, BUS_INVALID);
        assert_true(has_fault(&intake.faults, bad[i].pointer));
    }
    struct intake intake =
        take(*state, "{" HEAD ",\"data\":{" DATA ",\"personal\":{\"email\":\"nonsense\"}}}", false, &anyone,
             BUS_INVALID);
    assert_true(has_fault(&intake.faults, "/data/personal/email"));
    for (size_t i = 0; i < intake.faults.n; i++)
        assert_null(strstr(intake.faults.items[i].text, "nonsense"));
}

static void what_is_no_json_is_malformed(void **state)
{
    static const char *const bad[] = {
        "", "{", "nul", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "[[[[[[[[[[[[[[1]]]]]]]]]]]]]]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(take(*state, bad[i], false, &anyone, BUS_INVALID).malformed);
}

static void a_batch_has_limits(void **state)
{
    struct bus_arena *arena = *state;
    struct intake none = take(arena, "[]", true, &anyone, BUS_INVALID);
    struct intake single = take(arena, EVENT, true, &anyone, BUS_INVALID);
    assert_true(has_fault(&none.faults, "") && has_fault(&single.faults, ""));
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    for (int i = 0; i < INTAKE_EVENTS_MAX; i++)
        bus_buffer_printf(&out, "%s%s", i ? "," : "[", EVENT);
    const char *most = bus_printf(arena, "%.*s]", (int)out.size, (const char *)out.data);
    assert_int_equal(take(arena, most, true, &anyone, BUS_OK).n, INTAKE_EVENTS_MAX);
    const char *over = bus_printf(arena, "%.*s,%s]", (int)out.size, (const char *)out.data, EVENT);
    assert_true(take(arena, over, true, &anyone, BUS_INVALID).too_big);
    char *huge = malloc(INTAKE_BODY_BYTES + 2);
    memset(huge, ' ', INTAKE_BODY_BYTES + 1);
    huge[INTAKE_BODY_BYTES + 1] = '\0';
    assert_true(take(arena, huge, false, &anyone, BUS_INVALID).too_big);
    free(huge);
}

static void too_much_together_is_told_before_anything_is_sent(void **state)
{
    struct bus_arena *arena = *state;
    struct intake intake = take(arena, EVENT, false, &anyone, BUS_OK);
    struct intake_event *events = bus_alloc_array(arena, 200, sizeof *events);
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    bus_pack_text(&data, bus_printf(arena, "%02000d", 7));
    for (size_t i = 0; i < 200; i++) {
        events[i] = intake.events[0];
        events[i].data = bus_buffer_bytes(&data);
    }
    intake.events = events;
    intake.n = 200;
    struct bus_bytes command = {0};
    struct bus_error err = {0};
    assert_int_equal(intake_command(&intake, arena, &command, &err), BUS_INVALID);
    assert_true(intake.too_big);
    intake.n = 2;
    assert_int_equal(intake_command(&intake, arena, &command, &err), BUS_OK);
    struct gateway_accept_events *value = NULL;
    assert_int_equal(
        bus_decode(&gateway_accept_events_shape, command, false, arena, (void **)&value, NULL, &err), BUS_OK);
    assert_int_equal(value->events_n, 2);
}

static void a_token_must_cover_the_event(void **state)
{
    static const char *const referrals[] = {"referral-*"}, *const others[] = {"status-changed"},
                             *const asse[] = {"asse"}, *const hamme[] = {"hamme"}, *const nis[] = {"23002"};
    struct who who = {
        .name = "adapter:x", .scopes = referrals, .scopes_n = 1, .sources = all, .sources_n = 1};
    take(*state, EVENT, false, &who, BUS_OK);
    who.partnerships = asse;
    who.partnerships_n = 1;
    take(*state, EVENT, false, &who, BUS_OK);
    who.partnerships = hamme;
    take(*state, EVENT, false, &who, BUS_DENIED);
    who.partnerships_n = 0;
    who.nis = nis;
    who.nis_n = 1;
    take(*state, EVENT, false, &who, BUS_DENIED);
    take(*state, "{" HEAD ",\"nis\":\"23002\",\"data\":{" DATA "}}", false, &who, BUS_OK);
    char *elsewhere = bus_strdup(*state, "{" HEAD ",\"nis\":\"13011\",\"data\":{" DATA "}}");
    memcpy(strstr(elsewhere, "1730"), "2200", 4);
    take(*state, elsewhere, false, &who, BUS_DENIED);
    who = (struct who){.name = "x", .scopes = others, .scopes_n = 1, .sources = all, .sources_n = 1};
    take(*state, "[" EVENT "]", true, &who, BUS_DENIED);
}

static void msgpack_has_the_same_rules(void **state)
{
    struct bus_arena *arena = *state;
    struct intake intake;
    struct bus_error err = {0};
    struct bus_bytes good = msgpack_of(arena, "[{\"header\":{" HEAD "},\"data\":{" DATA "}}]");
    assert_int_equal(intake_msgpack(good, &anyone, INT64_MAX, arena, &intake, &err), BUS_OK);
    assert_string_equal(json_of(arena, intake.events[0].data), "{" DATA "}");
    struct bus_bytes bad =
        msgpack_of(arena, "[{\"header\":{\"id\":\"1\"},\"data\":{}},{\"header\":7},8,{\"header\":{" HEAD
                          "},\"data\":{}}]");
    assert_int_equal(intake_msgpack(bad, &anyone, INT64_MAX, arena, &intake, &err), BUS_INVALID);
    static const char *const places[] = {"/0/header/type", "/0/header/source", "/1", "/2", "/3/data/from"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        assert_true(has_fault(&intake.faults, places[i]));
    assert_int_equal(
        intake_msgpack(bus_bytes("\xdd\x10\x00\x00\x00", 5), &anyone, INT64_MAX, arena, &intake, &err),
        BUS_INVALID);
    assert_true(intake.malformed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_event),
        TEST(a_national_number_is_no_reference),
        TEST(a_national_number_stands_nowhere),
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
        TEST(personal_data_becomes_a_deposit),
        TEST(a_deposit_holds_personal_fields_alone),
        TEST(what_is_no_json_is_malformed),
        TEST(a_batch_has_limits),
        TEST(too_much_together_is_told_before_anything_is_sent),
        TEST(a_token_must_cover_the_event),
        TEST(msgpack_has_the_same_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
