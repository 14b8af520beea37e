/* See halt.h. */
#include "app/halt.h"

#include "app/health.h"
#include "app/loop.h"
#include "app/reader.h"

#define SERVE_MS 100 /* at a time: stopping and beats are looked at in between */

/* What the loop waits on meanwhile; what is of the turn stays where it is. */
enum { HALT_DATABASE, HALT_HEALTH, HALT_READER, HALT_READER_LOG, HALTS_N };

/* A conductor waits for its step in any case, and would take a refusal for an answer. */
static bool takes_requests(const struct loop *loop)
{
    return loop->clock.mode != STORE_CLOCK_CONDUCTED || loop->away.unknown_us != 0;
}

static void serve(struct loop *loop, struct pollfd *database, int ms)
{
    struct pollfd watches[HALTS_N] = {
        [HALT_DATABASE] = *database,
        [HALT_HEALTH] = {.fd = health_fd(loop->health), .events = POLLIN},
        [HALT_READER] = {.fd = reader_fd(loop), .events = POLLIN},
        [HALT_READER_LOG] = {.fd = reader_log_fd(loop), .events = POLLIN},
    };
    (void)net_wait(loop->net, watches, HALTS_N, ms < SERVE_MS ? ms : SERVE_MS);
    *database = watches[HALT_DATABASE];
    if (watches[HALT_HEALTH].revents)
        health_turn(loop->health);
    reader_go_on(loop);
    reader_answer(loop);
    if (takes_requests(loop))
        requests_take(loop);
    else
        bus_clock_sleep_ms(1); /* they stay readable */
    (void)loop_beat_aloud(loop);
}

static void tell_long(struct loop *loop, bool *told)
{
    if (*told || away_lasts_us(loop) < LEASE_MS * INT64_C(1000))
        return;
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    halt_tell(loop, &text);
    bus_log_warn("%.*s", (int)text.size, (const char *)text.data);
    *told = true;
}

/* Whether the database has something to say. */
static bool halt(struct loop *loop, struct pollfd *database, int ms, bool stoppable)
{
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct bus_arena *before = loop->arena;
    int64_t until_us = bus_clock_monotonic_us() + ms * INT64_C(1000), left_us;
    bool told = loop->away.silent_us == 0;
    loop->arena = arena;
    for (size_t i = 0; i < loop->sources_n; i++)
        net_leave(loop->net, i, true);
    while (!database->revents && (left_us = until_us - bus_clock_monotonic_us()) > 0 &&
           !(stoppable && stop_told(loop->stop))) {
        serve(loop, database, (int)((left_us + 999) / 1000));
        tell_long(loop, &told);
        bus_arena_reset(arena);
    }
    loop->arena = before;
    return database->revents != 0;
}

bool halt_silent(void *context, struct pollfd *database, const char *what, int ms)
{
    struct loop *loop = context;
    away_silent(loop, what);
    bool answers = halt(loop, database, ms, false);
    if (away_lasts_us(loop) >= LEASE_MS * INT64_C(1000))
        bus_log_info("the database %s after %lld s", answers ? "answers" : "is given up",
                     (long long)(away_lasts_us(loop) / BUS_SECOND_US));
    away_answers(loop);
    return answers;
}

void halt_nap(struct loop *loop, int ms)
{
    (void)halt(loop, &(struct pollfd){.fd = -1}, ms, true);
}

void halt_tell(const struct loop *loop, struct bus_buffer *out)
{
    bus_buffer_printf(
        out,
        "BUS-SILENT: the database holds its connection and has not answered %s for %lld s; nothing "
        "is lost, and the service goes on by itself; see the runbook",
        loop->away.silent_on, (long long)(away_lasts_us(loop) / BUS_SECOND_US));
}
