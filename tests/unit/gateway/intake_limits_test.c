/* How what comes in is packed, and how much of it: JSON, msgpack, batches. */
#include "intake_support.h"

#include "bus/pack.h"
#include "schema/gateway.h"

static void what_is_no_json_is_malformed(void **state)
{
    static const char *const bad[] = {
        "", "{", "nul", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "[[[[[[[[[[[[[[1]]]]]]]]]]]]]]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(take(*state, bad[i], false, &anyone, BUS_INVALID).malformed);
}

/* Only what breaks rules alone, and came from who may send it, may have been taken in before. */
static void what_breaks_rules_alone_is_doubtful(void **state)
{
#define XX  DATA ",\"preferred_language\":\"xx\""
#define ONE "{" HEAD ",\"data\":{" XX "}}"
    static const char *const doubtful[] = {ONE, "{" HEAD ",\"nis\":\"13011\",\"data\":{" XX "}}",
                                           "{" HEAD ",\"data\":{" XX
                                           ",\"personal\":{\"national_number\":\"93.05.18-223.62\"}}}"};
    static const char *const at_fault[] = {"{" HEAD ",\"data\":{" XX ",\"reason\":\"none\"}}",
                                           "{" HEAD ",\"subject\":\"x\",\"data\":{" XX "}}",
                                           "{" HEAD ",\"time\":\"2199-01-01T00:00:00Z\",\"data\":{" XX "}}",
                                           "{" HEAD ",\"data\":{" XX ",\"personal\":{\"email\":5}}}"};
    static const char *const its_own[] = {"https://other.example"};
    static const struct who other = {
        .name = "x", .scopes = all, .scopes_n = 1, .sources = its_own, .sources_n = 1};
    for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
        struct intake intake = take(*state, doubtful[i], false, &anyone, BUS_INVALID);
        assert_true(intake.doubtful && intake.faults.n > 0 && intake.events[0].data.size > 0);
        assert_false(take(*state, doubtful[i], false, &other, BUS_INVALID).doubtful);
    }
    for (size_t i = 0; i < sizeof at_fault / sizeof *at_fault; i++)
        assert_false(take(*state, at_fault[i], false, &anyone, BUS_INVALID).doubtful);
    struct intake batch = take(*state, "[" ONE "," EVENT "," ONE "]", true, &anyone, BUS_INVALID);
    assert_int_equal(batch.faults.found, 2);
    intake_settle(&batch, (const int64_t[]){0, 1}, 2);
    assert_int_equal(batch.faults.found, 1);
    assert_string_equal(batch.faults.items[0].pointer, "/2/data/preferred_language");
    assert_false(batch.doubtful);
#undef ONE
#undef XX
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
        intake_msgpack(bus_bytes_of("[{\"header\":{}}]"), &anyone, INT64_MAX, arena, &intake, &err),
        BUS_INVALID);
    assert_string_equal(err.text,
                        "the frame is not one value in msgpack as is taken here (byte 1: more bytes "
                        "follow the value)");
    assert_int_equal(
        intake_msgpack(bus_bytes("\xdd\x10\x00\x00\x00", 5), &anyone, INT64_MAX, arena, &intake, &err),
        BUS_INVALID);
    assert_true(intake.malformed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_no_json_is_malformed), TEST(what_breaks_rules_alone_is_doubtful),
        TEST(a_batch_has_limits),           TEST(too_much_together_is_told_before_anything_is_sent),
        TEST(msgpack_has_the_same_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
