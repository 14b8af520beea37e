/* What no reader would take, and no letter or index could hold, is refused when it is said. */
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

static enum bus_status on_woken(struct bus_context *ctx, const char *key)
{
    (void)ctx, (void)key;
    return BUS_OK;
}

/* Within a turn; leaves what became of it in `refusal`. */
static void within_a_turn(enum bus_status (*say)(struct bus_context *ctx, const void *what), const void *what)
{
    static const struct bus_on_timer timers[] = {{"wake", on_woken}, {0}};
    static const struct bus_service service = {.name = "saying", .timers = timers};
    struct store_config config = fixture_config("saying", pgcluster_service(cluster, "saying"), 1);
    struct loop loop = {.service = &service, .store = fixture_store(&config), .arena = bus_arena_new()};
    struct bus_error err = {0};
    struct bus_turn turn = {.loop = &loop, .arena = loop.arena};
    const struct bus_header header = {.id = "cause", .source = "/test", .type = "test"};
    struct bus_context ctx = {
        .now_us = 1, .header = &header, .arena = loop.arena, .err = &err, .turn = &turn};
    must_begin(loop.store);
    refusal = (struct bus_error){0};
    if (say(&ctx, what) != BUS_OK) {
        refusal = err;
        assert_int_equal(turn.said_n, 0);
    }
    store_rollback(loop.store);
    bus_buffer_done(&loop.encoded_header);
    bus_buffer_done(&loop.encoded_data);
    store_close(&loop.store);
    bus_arena_free(&loop.arena);
}

static enum bus_status say_deep(struct bus_context *ctx, const void *depth)
{
    AUTO(bus_buffer_done) struct bus_buffer value = {0};
    for (int i = *(const int *)depth; i > 0; i--)
        bus_pack_array(&value, i > 1);
    return bus_say(ctx, &type, NULL, &(struct anything){.value = bus_buffer_bytes(&value)});
}

static void values_that_are_too_deep(void **state)
{
    (void)state;
    within_a_turn(say_deep, &(int){7});
    assert_int_equal(refusal.status, BUS_OK);
    within_a_turn(say_deep, &(int){8});
    assert_int_equal(refusal.status, BUS_INVALID);
    assert_non_null(strstr(refusal.text, "anything-said"));
}

static enum bus_status say_about(struct bus_context *ctx, const void *subject)
{
    return bus_say(ctx, &type, subject, &(struct anything){.value = bus_bytes("\xc0", 1)});
}

static enum bus_status say_raw_about(struct bus_context *ctx, const void *subject)
{
    return bus_say_raw(ctx, &(struct bus_header){.type = type.type, .subject = subject}, bus_bytes("\x80", 1),
                       NULL);
}

static enum bus_status set_timer(struct bus_context *ctx, const void *key)
{
    return bus_timer_set(ctx, "wake", key, 1);
}

static enum bus_status ask_effect(struct bus_context *ctx, const void *key)
{
    return bus_effect(ctx, "ring", key, bus_bytes("", 0));
}

static void texts_that_are_too_long(void **state)
{
    (void)state;
    static const struct {
        enum bus_status (*say)(struct bus_context *ctx, const void *text);
        size_t most;
    } sayers[] = {{say_about, BUS_SUBJECT_BYTES},
                  {say_raw_about, BUS_SUBJECT_BYTES},
                  {set_timer, BUS_KEY_BYTES},
                  {ask_effect, BUS_KEY_BYTES}};
    for (size_t i = 0; i < sizeof sayers / sizeof *sayers; i++) {
        char text[BUS_SUBJECT_BYTES + 2];
        fixture_noise(text, sayers[i].most + 2);
        within_a_turn(sayers[i].say, text);
        assert_int_equal(refusal.status, BUS_INVALID);
        assert_non_null(strstr(refusal.text, "too long"));
        text[sayers[i].most] = '\0';
        within_a_turn(sayers[i].say, text);
        assert_int_equal(refusal.status, BUS_OK);
    }
}

/* ---- commands of a sender with limits */

struct nothing {
    uint8_t none;
};
static const struct bus_shape nothing_shape = {.name = "nothing", .size = sizeof(struct nothing)};
typedef enum bus_status act_fn(struct bus_context *ctx, const struct nothing *in);

static enum bus_status call_act(bus_any_fn *handle, struct bus_context *ctx, const void *message)
{
    return ((act_fn *)handle)(ctx, message);
}

static const struct bus_type act_type = {.type = "koppel.saying.act.v1",
                                         .service = "saying",
                                         .name = "act",
                                         .version = 1,
                                         .kind = BUS_TYPE_COMMAND,
                                         .shape = &nothing_shape,
                                         .reply = &nothing_shape,
                                         .call = call_act};

static enum bus_status act_silently(struct bus_context *ctx, const struct nothing *in)
{
    (void)ctx, (void)in;
    return BUS_OK;
}

static enum bus_status act_and_ask(struct bus_context *ctx, const struct nothing *in)
{
    (void)in;
    return bus_may(ctx, &(struct bus_header){.extensions = {{"partnership", "ours"}}});
}

static enum bus_status act_and_say(struct bus_context *ctx, const struct nothing *in)
{
    (void)in;
    return bus_say_raw(ctx, &(struct bus_header){.type = type.type, .extensions = {{"partnership", "ours"}}},
                       bus_bytes("\x80", 1), NULL);
}

struct order {
    act_fn *act;
    const char *within;
    bool unjudged;
};

static enum bus_status give(struct bus_context *ctx, const void *what)
{
    const struct order *order = what;
    const struct bus_on on = {
        .type = &act_type, .handle = (bus_any_fn *)order->act, .unjudged = order->unjudged};
    struct command command = {.on = &on, .data = bus_bytes("\x80", 1), .peer = "ops", .key = "k"};
    struct item item = {.kind = ITEM_COMMAND, .command = &command, .now_us = 1, .data = command.data};
    item.header = (struct bus_header){
        .id = "c", .source = "/test", .type = act_type.type, .time_us = 1, .within = order->within};
    enum bus_status status = item_handle(ctx->turn, &item, ctx->err);
    if (status != BUS_OK)
        ctx->turn->said_n = 0;
    return status;
}

static void commands_that_nobody_judged(void **state)
{
    (void)state;
    static const struct {
        struct order order;
        enum bus_status status;
    } cases[] = {{{act_silently, "partnership=ours", false}, BUS_BUG},
                 {{act_silently, NULL, false}, BUS_OK},
                 {{act_silently, "partnership=ours", true}, BUS_OK},
                 {{act_and_ask, "partnership=ours", false}, BUS_OK},
                 {{act_and_ask, "partnership=theirs", false}, BUS_DENIED},
                 {{act_and_say, "partnership=ours", false}, BUS_OK},
                 {{act_and_say, "partnership=theirs", false}, BUS_DENIED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        within_a_turn(give, &cases[i].order);
        assert_int_equal(refusal.status, cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_that_are_too_deep),
                                       cmocka_unit_test(texts_that_are_too_long),
                                       cmocka_unit_test(commands_that_nobody_judged)};
    return cmocka_run_group_tests_name("saying", tests, fixture_open, fixture_close);
}
