/* Dead letters of one subject are handled in the order of their stream, each once, whatever became of their
 * attempts. */
#include "tests/store/fixture.h"

#include "app/loop.h"

#define NOW_US (INT64_C(1700000000) * BUS_SECOND_US)

static char heard[32]; /* the sequence numbers handled, in order */

static enum bus_status on_note(struct bus_context *ctx, const void *message)
{
    (void)message;
    heard[strlen(heard)] = (char)('0' + ctx->header->seq);
    return BUS_OK;
}

static enum bus_status call(bus_any_fn *handle, struct bus_context *ctx, const void *message)
{
    return ((typeof(on_note) *)handle)(ctx, message);
}

static struct loop open_loop(void)
{
    static const struct bus_shape nothing = {.name = "nothing", .size = 1};
    static const struct bus_type note = {.type = "koppel.told.note.v1", .shape = &nothing, .call = call};
    static const struct bus_on events[] = {{.type = &note, .handle = (bus_any_fn *)on_note}, {0}};
    static const struct bus_service service = {.name = "hearing", .events = events};
    struct store_config config = fixture_config("hearing", pgcluster_service(cluster, "hearing"), 1);
    struct loop loop = {.service = &service,
                        .store = fixture_store(&config),
                        .arena = bus_arena_new(),
                        .clock = {.mode = STORE_CLOCK_CONDUCTED, .now_us = NOW_US}};
    loop.sources = calloc(1, sizeof *loop.sources);
    loop.sources_n = 1;
    loop.sources[0].name = "told";
    follow_init(&loop.sources[0].follow, 1, 0, "", 0, 1);
    memset(heard, 0, sizeof heard);
    return loop;
}

static void close_loop(struct loop *loop)
{
    follow_done(&loop->sources[0].follow);
    free(loop->sources);
    store_close(&loop->store);
    bus_arena_free(&loop->arena);
}

static struct item event_about(struct loop *loop, int64_t seq, const char *sender, const char *subject)
{
    struct bus_error err = {0};
    struct item item = {.kind = ITEM_EVENT,
                        .source_name = "told",
                        .seq = seq,
                        .now_us = NOW_US,
                        .data = bus_bytes("\x80", 1)};
    item.header = (struct bus_header){.id = bus_printf(loop->arena, "id-%lld", (long long)seq),
                                      .source = sender,
                                      .type = "koppel.told.note.v1",
                                      .subject = subject,
                                      .stream = "told",
                                      .epoch = 1,
                                      .seq = seq,
                                      .time_us = NOW_US};
    struct bus_buffer header = {0};
    assert_ok(bus_header_encode(&item.header, &header, &err));
    item.raw_header = bus_bytes(bus_copy(loop->arena, header.data, header.size), header.size);
    bus_buffer_done(&header);
    return item;
}

static struct item event_of(struct loop *loop, int64_t seq, const char *sender)
{
    return event_about(loop, seq, sender, "anna");
}

static struct item event(struct loop *loop, int64_t seq)
{
    return event_of(loop, seq, "/told");
}

static void park(struct loop *loop, int64_t seq, int64_t next_us)
{
    struct bus_error why = {.text = "not now"}, err = {0};
    struct item item = event(loop, seq);
    assert_ok(dead_park(loop, &item, "retrying", 1, next_us, &why, &err));
}

/* Until none is due, as the loop does. */
static void retry(struct loop *loop)
{
    struct bus_error err = {0};
    for (size_t n = 1; n > 0;)
        assert_ok(dead_retry(loop, &n, &err));
}

static void the_second_waits_though_it_failed_of_itself(void **state)
{
    (void)state;
    struct loop loop = open_loop();
    park(&loop, 1, NOW_US + BUS_SECOND_US);
    park(&loop, 2, NOW_US); /* due before the first */
    retry(&loop);
    assert_string_equal(heard, "");
    loop.clock.now_us += BUS_SECOND_US;
    retry(&loop);
    assert_string_equal(heard, "12");
    assert_int_equal(store_dead_count(loop.store), 0);
    close_loop(&loop);
}

static void two_that_are_due_at_once_are_handled_once(void **state)
{
    (void)state;
    struct loop loop = open_loop();
    park(&loop, 1, NOW_US);
    park(&loop, 2, NOW_US);
    pgcluster_run(cluster, "UPDATE hearing.dead_letter SET state = 'retrying', next = first");
    retry(&loop);
    assert_string_equal(heard, "12");
    close_loop(&loop);
}

/* From outside, a subject means something to its source alone. */
static void a_senders_own_subject_holds_up_its_own(void **state)
{
    (void)state;
    struct loop loop = open_loop();
    struct bus_error why = {.text = "not now"}, err = {0};
    static const char *const senders[] = {"https://one.example", "https://one.example",
                                          "https://other.example"};
    static const int64_t due_us[] = {NOW_US + BUS_SECOND_US, NOW_US, NOW_US};
    for (size_t i = 0; i < 3; i++) {
        struct item item = event_of(&loop, (int64_t)i + 1, senders[i]);
        assert_ok(dead_park(&loop, &item, "retrying", 1, due_us[i], &why, &err));
    }
    const struct store_dead *second = NULL;
    assert_ok(
        store_dead_find(loop.store, &(struct store_dead_key){"told", 2, "id-2"}, loop.arena, &second, &err));
    assert_string_equal(second->state, "behind");
    retry(&loop);
    assert_string_equal(heard, "3");
    loop.clock.now_us += BUS_SECOND_US;
    retry(&loop);
    assert_string_equal(heard, "312");
    close_loop(&loop);
}

static const char *state_of(struct loop *loop, int64_t seq)
{
    struct bus_error err = {0};
    const struct store_dead *letter = NULL;
    const struct store_dead_key key = {"told", seq, bus_printf(loop->arena, "id-%lld", (long long)seq)};
    assert_ok(store_dead_find(loop->store, &key, loop->arena, &letter, &err));
    return letter->state;
}

/* As long as a header may have them, and such as no database can make shorter. */
static void subjects_too_long_for_an_index_are_parked_in_order(void **state)
{
    (void)state;
    struct loop loop = open_loop();
    struct bus_error why = {.text = "not now"}, err = {0};
    char subject[3900], other[3900];
    fixture_noise(subject, sizeof subject);
    fixture_noise(other, sizeof other);
    other[sizeof other - 2] ^= 1;
    struct item items[] = {event_about(&loop, 1, "/told", subject), event_about(&loop, 2, "/told", subject),
                           event_about(&loop, 3, "/told", other)};
    for (size_t i = 0; i < 3; i++)
        assert_ok(dead_park(&loop, &items[i], "retrying", 1, NOW_US, &why, &err));
    assert_string_equal(state_of(&loop, 1), "retrying");
    assert_string_equal(state_of(&loop, 2), "behind");
    assert_string_equal(state_of(&loop, 3), "retrying");
    retry(&loop);
    assert_string_equal(heard, "132");
    close_loop(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_too_long_for_an_index_are_parked_in_order),
        cmocka_unit_test(the_second_waits_though_it_failed_of_itself),
        cmocka_unit_test(two_that_are_due_at_once_are_handled_once),
        cmocka_unit_test(a_senders_own_subject_holds_up_its_own),
    };
    return cmocka_run_group_tests_name("dead order", tests, fixture_open, fixture_close);
}
