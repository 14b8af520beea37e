/* See loop.h: wait, take in, run a turn, beat. */
#include "app/loop.h"

#include <stdlib.h>
#include <string.h>

#include "app/ahead.h"
#include "app/commands.h"
#include "app/conduct.h"
#include "app/effects.h"
#include "app/halt.h"
#include "app/health.h"
#include "app/reader.h"
#include "app/readers.h"
#include "net/peers.h"

#define PUT_OFF_MAX 64 /* events; they are looked at again whenever something arrives */

static enum bus_status open_sources(struct loop *loop, struct bus_error *err)
{
    struct store_position *positions = NULL;
    size_t n = 0;
    enum bus_status status = store_positions(loop->store, loop->arena, &positions, &n, err);
    if (status != BUS_OK)
        return status;
    while (loop->service->follows != NULL && loop->service->follows[loop->sources_n] != NULL)
        loop->sources_n++;
    loop->sources = calloc(loop->sources_n + 1, sizeof *loop->sources);
    if (loop->sources == NULL)
        bus_die("out of memory");
    for (size_t i = 0; i < loop->sources_n; i++) {
        struct store_position at = {.stream = loop->service->follows[i], .event_id = ""};
        for (size_t k = 0; k < n; k++)
            if (strcmp(positions[k].stream, at.stream) == 0)
                at = positions[k];
        loop->sources[i].name = loop->service->follows[i];
        int64_t now = bus_clock_monotonic_us();
        follow_init(&loop->sources[i].follow, at.epoch, at.seq, at.event_id, now, (uint64_t)now ^ (i << 32));
    }
    return BUS_OK;
}

static enum bus_status open_clock(struct loop *loop, struct bus_error *err)
{
    enum bus_status status = store_clock_get(loop->store, &loop->clock, err);
    if (status == BUS_OK && loop->config->conducted && loop->clock.mode == STORE_CLOCK_WALL)
        loop->clock = (struct store_clock){.mode = STORE_CLOCK_CONDUCTED}; /* what time it is a STEP tells */
    if (status == BUS_OK && loop->clock.mode != STORE_CLOCK_CONDUCTED)
        loop->last_now_us = loop->clock.now_us;
    bus_peers_clock(loop->peers, loop->clock.mode == STORE_CLOCK_OFFSET ? loop->clock.offset_us : 0);
    return status;
}

enum bus_status loop_open(struct loop *loop, struct bus_error *err)
{
    loop->standing_us = bus_clock_monotonic_us();
    away_leased(loop, loop->standing_us);
    loop->commands_end = &loop->commands;
    loop->state_stale = true;
    enum bus_status status = open_clock(loop, err);
    if (status == BUS_OK)
        status = open_sources(loop, err);
    care_open(loop, store_head_get(loop->store)->unclean || store_has_attempts(loop->store));
    effects_open(loop);
    if (status == BUS_OK && loop->health == NULL) /* whoever had the lease had the address too */
        status = health_open(loop->config->health, loop, &loop->health, err);
    if (status == BUS_OK) {
        health_hand_over(loop->health);
        readers_open(loop);
        reader_open(loop);
        store_on_silence(loop->store, halt_silent, loop);
    }
    return status;
}

void loop_close(struct loop *loop)
{
    reader_close(loop);
    effects_close(loop);
    readers_close(&loop->readers);
    health_close(&loop->health);
    for (size_t i = 0; i < loop->sources_n; i++)
        follow_done(&loop->sources[i].follow);
    free(loop->sources);
    bus_buffer_done(&loop->encoded_header);
    bus_buffer_done(&loop->encoded_data);
    bus_buffer_done(&loop->packed);
    while (loop->commands != NULL)
        commands_remove(loop, loop->commands);
    if (loop->state != NULL && loop->service->close != NULL)
        loop->service->close(&loop->state);
}

/* ---- a turn of the loop */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int wait_ms(struct loop *loop)
{
    int64_t now = bus_clock_monotonic_us();
    int64_t due =
        loop->last_beat_us + BEAT_US; /* which waits for the turn under way for as long as it takes */
    if (loop->under_way != NULL)
        return due <= now ? 0 : (int)((due - now + 999) / 1000);
    for (size_t i = 0; i < loop->sources_n; i++)
        due = earlier(due, follow_due_us(&loop->sources[i].follow));
    due = earlier(due, reader_due_us(loop));
    if (loop->away.retries > 0)
        due = earlier(due, loop->away.retry_us);
    else if (loop->clock.mode != STORE_CLOCK_CONDUCTED && loop->caught_up && loop->next_timer_us < INT64_MAX)
        due = earlier(due, now + loop_until_us(loop, loop->next_timer_us));
    return due <= now ? 0 : (int)((due - now + 999) / 1000);
}

/* BUS_OK goes on, backing off included; BUS_BUG ends the process. */
static enum bus_status judge(struct loop *loop, enum bus_status status, struct bus_error *err)
{
    if (status == BUS_OK) {
        away_is_over(loop);
        return BUS_OK;
    }
    if (status == BUS_RETRY) {
        away_back_off(loop, err);
        return BUS_OK;
    }
    return status;
}

static bool fenced(const struct bus_error *err)
{
    return strcmp(err->code, "BUS-FENCED") == 0;
}

static enum bus_status run_items(struct loop *loop, struct item *items, size_t n, struct bus_error *err)
{
    bool away = false, undone = false;
    if (care_alone(loop, items, n))
        return single_run(loop, items, n, err);
    struct bus_turn *turn = turn_new(loop, items, n);
    struct bus_error why = {0};
    enum bus_status status = turn_handle(turn, &away, &why);
    enum bus_status before = ahead_settle(loop, &undone, err);
    if (before != BUS_OK || undone)
        return before; /* what was handled behind it is taken anew */
    if (status == BUS_OK)
        status = turn_send(turn, &away, &why);
    if (status == BUS_OK)
        return ahead_allowed(loop, turn) ? BUS_OK : ahead_settle(loop, NULL, err);
    turn_undo(loop);
    *err = why;
    /* A handler may say that its world is not ready; only the database's own silence holds up everybody. */
    return n == 0 || fenced(err) || away ? status : single_run(loop, items, turn->n, err);
}

/* For all that must not come between a turn and its outcome. */
static enum bus_status settle(struct loop *loop, struct bus_error *err)
{
    return loop->under_way == NULL ? BUS_OK : judge(loop, ahead_settle(loop, NULL, err), err);
}

/* A turn that would only move read positions, over events that nothing here handles, waits for company: for
 * the next beat, in a step for a later one. */
static bool put_off(struct loop *loop, const struct item *items, size_t n)
{
    bool idle =
        n > 0 && n < PUT_OFF_MAX && !loop->state_stale && loop->care.small == 0 && !reader_waits(loop);
    for (size_t i = 0; idle && i < n; i++)
        idle = !item_heeded(loop, &items[i]);
    if (idle && loop->step.active)
        return loop->step.passed = !loop->step.settle;
    int64_t now = bus_clock_monotonic_us();
    if (!idle)
        loop->put_off_us = 0;
    else if (loop->put_off_us == 0)
        loop->put_off_us = now;
    return idle && now - loop->put_off_us < BEAT_US;
}

static enum bus_status renew_lease(struct loop *loop, struct bus_error *err)
{
    int64_t sent_us = bus_clock_monotonic_us();
    enum bus_status status = store_beat(loop->store, err);
    if (status == BUS_OK)
        away_leased(loop, sent_us);
    return status;
}

static enum bus_status turn(struct loop *loop, struct bus_error *err)
{
    if (loop->away.retries > 0 && bus_clock_monotonic_us() < loop->away.retry_us)
        return BUS_OK;
    enum bus_status status = effects_resume(loop, err);
    if (status == BUS_OK)
        status = care_begin(loop, err);
    if (status != BUS_OK)
        return judge(loop, status, err);
    if (loop->step.active && !conduct_gathered(loop))
        return BUS_OK;
    struct item *items = NULL;
    size_t n = 0;
    status = take_items(loop, &items, &n, err);
    if (status == BUS_OK && put_off(loop, items, n))
        n = 0;
    loop->waiting = n == 0;
    if (status == BUS_OK && n == 0)
        status = ahead_settle(loop, NULL, err);
    if (status != BUS_OK)
        status = judge(loop, status, err);
    else if (n > 0 || loop->state_stale)
        status = judge(loop, run_items(loop, items, n, err), err);
    else if (loop->away.retries > 0)
        status = judge(loop, renew_lease(loop, err), err);
    if (status == BUS_OK && loop->away.retries == 0)
        status = judge(loop, care_go_on(loop, n, err), err);
    if (status == BUS_OK && loop->away.retries == 0)
        status = judge(loop, conduct_progress(loop, n, err), err);
    return status;
}

static enum bus_status beat(struct loop *loop, struct bus_error *err)
{
    if (!loop_beat_aloud(loop))
        return BUS_OK;
    enum bus_status status = settle(loop, err);
    if (status != BUS_OK || loop->away.retries > 0)
        return status;
    status = renew_lease(loop, err);
    if (status == BUS_OK) {
        sources_beat(loop);
        status = readers_beat(loop, err);
    }
    if (status == BUS_OK)
        status = loop_tidy(loop, err);
    loop->dead_due = true;
    return judge(loop, status, err);
}

/* At every beat, and on until none is due. A step has its own time for it. */
static enum bus_status try_dead_again(struct loop *loop, struct bus_error *err)
{
    size_t n = 0;
    if (!loop->dead_due || loop->away.retries > 0 || loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return BUS_OK;
    enum bus_status status = settle(loop, err);
    if (status != BUS_OK || loop->away.retries > 0)
        return status;
    status = dead_retry(loop, &n, err);
    loop->dead_due = n > 0;
    return judge(loop, status, err);
}

static void change_arenas(struct loop *loop)
{
    struct bus_arena *arena = loop->arena;
    if (loop->under_way != NULL && loop->under_way->arena == arena) {
        loop->arena = loop->spare;
        loop->spare = arena;
    }
    bus_arena_reset(loop->arena);
}

/* What was committed is told before anything else is done. */
static enum bus_status settle_if_known(struct loop *loop, struct bus_error *err)
{
    if (loop->watches[WATCH_DATABASE].revents)
        store_commit_look(loop->store);
    return store_commit_known(loop->store) ? settle(loop, err) : BUS_OK;
}

static enum bus_status round_trip(struct loop *loop, struct bus_error *err)
{
    change_arenas(loop);
    enum bus_status status = settle_if_known(loop, err);
    if (status != BUS_OK)
        return status;
    requests_take(loop);
    if (loop->stopping)
        return BUS_OK;
    sources_take(loop);
    sources_act(loop);
    if (loop->under_way == NULL || ahead_is_worth_it(loop))
        status = turn(loop, err);
    if (reader_waits(loop))
        reader_go_on(loop);
    /* What can wait is done while the commit is under way. */
    if (loop->watches[WATCH_HEALTH].revents)
        health_turn(loop->health);
    if (loop->watches[WATCH_READER].revents || loop->watches[WATCH_READER_LOG].revents)
        reader_answer(loop);
    if (status == BUS_OK) {
        sources_act(loop);
        status = beat(loop, err);
    }
    if (status == BUS_OK)
        status = try_dead_again(loop, err);
    return status;
}

/* More is waiting that no socket will announce. */
static bool more(struct loop *loop)
{
    if (loop->under_way != NULL)
        return store_commit_known(loop->store) || ahead_is_worth_it(loop);
    if (loop->away.retries > 0)
        return false;
    if (loop->clock.mode == STORE_CLOCK_CONDUCTED)
        return loop->step.active && conduct_gathered(loop);
    if (loop->full || loop->dead_due || effects_left(loop))
        return true;
    for (size_t i = 0; i < loop->sources_n; i++)
        if (loop->sources[i].follow.front > loop->sources[i].follow.seq)
            return !loop->waiting;
    return false;
}

/* What is readable and not taken would wake the loop for nothing. */
static bool takes_outcomes(const struct loop *loop)
{
    return loop->under_way == NULL && loop->away.retries == 0;
}

/* The one place where the loop waits; while a turn is under way, for its answer and for what may be taken in
 * before that. */
static void wait(struct loop *loop)
{
    const int fds[WATCHES_N] = {[WATCH_STOP] = loop->stop->fd,
                                [WATCH_HEALTH] = health_fd(loop->health),
                                [WATCH_READER] = reader_fd(loop),
                                [WATCH_READER_LOG] = reader_log_fd(loop),
                                [WATCH_EFFECTS] = takes_outcomes(loop) ? effects_fd(loop) : -1,
                                [WATCH_DATABASE] = store_commit_fd(loop->store)};
    for (size_t i = 0; i < WATCHES_N; i++)
        loop->watches[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    sources_leave(loop);
    (void)net_wait(loop->net, loop->watches, WATCHES_N, more(loop) ? 0 : wait_ms(loop));
    if (loop->watches[WATCH_STOP].revents && stop_told(loop->stop))
        loop->stopping = true;
}

enum bus_status loop_run(struct loop *loop, struct bus_error *err)
{
    while (!loop->stopping) {
        enum bus_status status = round_trip(loop, err);
        if (status != BUS_OK)
            return status;
        wait(loop);
    }
    return settle(loop, err);
}
