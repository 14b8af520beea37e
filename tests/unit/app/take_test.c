/* What a live turn takes: each kind and each stream has its share, however much there is of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/effects.h"
#include "app/loop.h"

#define MANY 5000

static const char *const follows[] = {"busy", "quiet", NULL};
static const struct bus_service service = {.name = "taking", .follows = follows};

static void hear(struct follow *follow, const char *stream, int n)
{
    follow_init(follow, 1, 0, "", 1, 1);
    while (follow_act(follow, 1).kind != FOLLOW_NOTHING)
        continue;
    follow_welcome(follow, 1, 0, 1, 1, 0);
    for (int seq = 1; seq <= n; seq++) {
        struct bus_error err = {0};
        const struct bus_header said = {.id = "said",
                                        .source = "/test",
                                        .type = "koppel.test.said.v1",
                                        .stream = stream,
                                        .epoch = 1,
                                        .seq = seq,
                                        .time_us = 1};
        AUTO(bus_buffer_done) struct bus_buffer header = {0};
        assert_int_equal(bus_header_encode(&said, &header, &err), BUS_OK);
        follow_live(follow, 1, 1, seq, bus_buffer_bytes(&header), bus_bytes("\x80", 1));
    }
    assert_int_equal(follow->front, n);
}

/* A loop with so many commands and events; counts what one turn takes: commands, then events of each stream.
 */
static void take(int commands, int busy, int quiet, size_t counts[3])
{
    static struct command queue[MANY];
    struct source sources[2] = {{.name = "busy"}, {.name = "quiet"}};
    struct loop loop = {.service = &service,
                        .sources = sources,
                        .sources_n = 2,
                        .arena = bus_arena_new(),
                        .next_timer_us = INT64_MAX};
    struct bus_error err = {0};
    struct item *items = NULL;
    size_t n = 0;
    for (int i = 0; i < commands; i++)
        queue[i] = (struct command){.next = i + 1 < commands ? &queue[i + 1] : NULL};
    loop.commands = commands > 0 ? queue : NULL;
    hear(&sources[0].follow, "busy", busy);
    hear(&sources[1].follow, "quiet", quiet);
    effects_open(&loop);
    assert_int_equal(take_items(&loop, &items, &n, &err), BUS_OK);
    counts[0] = counts[1] = counts[2] = 0;
    for (size_t i = 0; i < n; i++)
        counts[items[i].kind == ITEM_COMMAND ? 0 : 1 + items[i].source]++;
    effects_close(&loop);
    follow_done(&sources[0].follow);
    follow_done(&sources[1].follow);
    bus_arena_free(&loop.arena);
}

static void commands_do_not_starve_events(void **state)
{
    (void)state;
    size_t counts[3];
    take(MANY, 3000, 20, counts);
    assert_int_equal(counts[2], 20);
    assert_in_range(counts[0], TURN_ITEMS_MAX * 2 / 5, TURN_ITEMS_MAX / 2);
    assert_int_equal(counts[0] + counts[1] + counts[2], TURN_ITEMS_MAX);
}

static void who_is_alone_takes_all(void **state)
{
    (void)state;
    size_t counts[3];
    take(MANY, 0, 0, counts);
    assert_int_equal(counts[0], TURN_ITEMS_MAX);
    take(0, 3000, 0, counts);
    assert_int_equal(counts[1], TURN_ITEMS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(commands_do_not_starve_events),
                                       cmocka_unit_test(who_is_alone_takes_all)};
    return cmocka_run_group_tests_name("taking", tests, NULL, NULL);
}
