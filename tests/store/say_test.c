/* What no reader would take is refused when it is said. */
#include "tests/store/fixture.h"

#include "app/loop.h"
#include "bus/pack.h"

struct anything {
    struct bus_bytes value;
};
static const struct bus_field fields[] = {{.name = "value",
                                           .kind = BUS_KIND_ANY,
                                           .required = true,
                                           .offset = offsetof(struct anything, value),
                                           .has_offset = BUS_NO_OFFSET,
                                           .n_offset = BUS_NO_OFFSET}};
static const struct bus_shape shape = {
    .name = "anything", .size = sizeof(struct anything), .fields = fields, .fields_n = 1};
static const struct bus_type type = {.type = "koppel.saying.anything-said.v1",
                                     .service = "saying",
                                     .name = "anything-said",
                                     .version = 1,
                                     .shape = &shape};
static struct bus_error refusal;

/* Says arrays within arrays; leaves what became of it in `refusal`. */
static void say(int depth)
{
    AUTO(bus_buffer_done) struct bus_buffer value = {0};
    for (int i = depth; i > 0; i--)
        bus_pack_array(&value, i > 1);
    static const struct bus_service service = {.name = "saying"};
    struct store_config config = fixture_config("saying", pgcluster_service(cluster, "saying"), 1);
    struct loop loop = {.service = &service, .store = fixture_store(&config), .arena = bus_arena_new()};
    struct bus_error err = {0};
    struct bus_turn turn = {.loop = &loop, .arena = loop.arena};
    const struct bus_header header = {.id = "cause", .source = "/test", .type = "test"};
    struct bus_context ctx = {
        .now_us = 1, .header = &header, .arena = loop.arena, .err = &err, .turn = &turn};
    must_begin(loop.store);
    refusal = (struct bus_error){0};
    enum bus_status status =
        bus_say(&ctx, &type, NULL, &(struct anything){.value = bus_buffer_bytes(&value)});
    if (status != BUS_OK)
        refusal = err;
    assert_int_equal(turn.said_n, status == BUS_OK);
    store_rollback(loop.store);
    bus_buffer_done(&loop.encoded_header);
    bus_buffer_done(&loop.encoded_data);
    store_close(&loop.store);
    bus_arena_free(&loop.arena);
}

static void values_that_are_too_deep(void **state)
{
    (void)state;
    say(7);
    assert_int_equal(refusal.status, BUS_OK);
    say(8);
    assert_int_equal(refusal.status, BUS_INVALID);
    assert_non_null(strstr(refusal.text, "anything-said"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_that_are_too_deep)};
    return cmocka_run_group_tests_name("saying", tests, fixture_open, fixture_close);
}
