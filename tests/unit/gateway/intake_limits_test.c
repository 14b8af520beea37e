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
        intake_msgpack(bus_bytes("\xdd\x10\x00\x00\x00", 5), &anyone, INT64_MAX, arena, &intake, &err),
        BUS_INVALID);
    assert_true(intake.malformed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_no_json_is_malformed),
        TEST(a_batch_has_limits),
        TEST(too_much_together_is_told_before_anything_is_sent),
        TEST(msgpack_has_the_same_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
