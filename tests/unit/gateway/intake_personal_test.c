/* Personal data that comes in: taken off as a deposit, and nowhere else. */
#include "intake_support.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_national_number_is_no_reference),
        TEST(a_national_number_stands_nowhere),
        TEST(personal_data_becomes_a_deposit),
        TEST(a_deposit_holds_personal_fields_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
