/* Who may send what, and what the others are told. */
#include "intake_support.h"

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

static void assert_denied(struct bus_arena *arena, const char *json, const struct who *who,
                          const char *pointer, const char *text)
{
    struct intake intake = take(arena, json, json[0] == '[', who, BUS_DENIED);
    assert_int_equal(intake.faults.n, 1);
    assert_string_equal(intake.faults.items[0].pointer, pointer);
    assert_string_equal(intake.faults.items[0].text, text);
}

#define STATUS(attributes, data)                                           \
    "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"urn:koppel:x\"," \
    "\"type\":\"koppel.gateway.status-changed.v1\"" attributes             \
    ",\"data\":{\"external_person\":\"p-1\",\"partner_type\":\"vdab\",\"status\":\"employed\"" data "}}"

static void what_is_denied_tells_what_to_write(void **state)
{
    static const char *const places[] = {"asse", "hamme"}, *const nis[] = {"13029"};
    struct who who = {.name = "x", .scopes = all, .scopes_n = 1};
    assert_denied(*state, EVENT, &who, "/source", "is not yours: use urn:koppel:x");
    who.partnerships = places;
    who.partnerships_n = 2;
    assert_denied(*state, STATUS("", ""), &who, "/data/partnership",
                  "name one of your partnerships here: asse, hamme");
    assert_denied(*state, "[" STATUS("", "") "]", &who, "/0/data/partnership",
                  "name one of your partnerships here: asse, hamme");
    assert_denied(*state, STATUS("", ",\"partnership\":\"middenkempen\""), &who, "/data/partnership",
                  "you may not write for the partnership middenkempen: your partnerships: asse, hamme");
    assert_denied(*state, STATUS(",\"partnership\":\"middenkempen\"", ""), &who, "/partnership",
                  "you may not write for the partnership middenkempen: your partnerships: asse, hamme");
    who.partnerships_n = 0;
    who.nis = nis;
    who.nis_n = 1;
    assert_denied(*state, STATUS("", ""), &who, "/nis", "name one of your municipalities here: 13029");
    assert_denied(*state, STATUS(",\"nis\":\"23002\"", ""), &who, "/nis",
                  "you may not write for the municipality 23002: your municipalities: 13029");
}

static void all_that_is_denied_is_told(void **state)
{
    static const char *const asse[] = {"asse"}, *const own[] = {"urn:koppel:x"};
    const struct who who = {.name = "x",
                            .scopes = all,
                            .scopes_n = 1,
                            .sources = own,
                            .sources_n = 1,
                            .partnerships = asse,
                            .partnerships_n = 1};
    const char *json = "[" STATUS("", ",\"partnership\":\"middenkempen\"") "," EVENT "," STATUS("", "") "]";
    struct intake intake = take(*state, json, true, &who, BUS_DENIED);
    static const char *const places[] = {"/0/data/partnership", "/1/source", "/2/data/partnership"};
    assert_int_equal(intake.faults.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(intake.faults.items[i].pointer, places[i]);
    assert_string_equal(intake_denied_words(&intake.faults, *state),
                        "/0/data/partnership: you may not write for the partnership middenkempen: your "
                        "partnerships: asse; and 2 more");
    json = "[" STATUS("", ",\"partnership\":\"middenkempen\",\"postcode\":\"1\"") "]"; /* told alone */
    intake = take(*state, json, true, &who, BUS_INVALID);
    assert_int_equal(intake.faults.n, 1);
    assert_string_equal(intake.faults.items[0].pointer, "/0/data/postcode");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_must_cover_the_event),
        TEST(what_is_denied_tells_what_to_write),
        TEST(all_that_is_denied_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
