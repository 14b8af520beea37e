/* The reader's state machine under a network that drops, doubles, reorders and delays: the events come out
 * dense, each once, and it is never stuck; a source that forgot events which were read is found out. Every
 * run is made from its seed alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/follow.h"

#define SEEDS   3000
#define EVENTS  60
#define FLYING  256
#define FETCHED 20 /* events in an answer, at most */
#define STEP_US 10000
#define CALM_US 2000000  /* the network is bad until then */
#define END_US  60000000 /* by then everything has been read, or it is stuck */

static uint64_t next_random(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

/* ---- a source, and what is under way from it */

/* What stands at a sequence number: told apart by its mark, and it names what stood before it. */
struct entry {
    int64_t seq, mark, before;
};

enum flight_kind {
    FLIGHT_NONE,
    FLIGHT_LIVE,
    FLIGHT_HEAD,
    FLIGHT_WELCOME,
    FLIGHT_BATCH,
    FLIGHT_BUSY,
    FLIGHT_DIVERGED
};
struct flight {
    enum flight_kind kind;
    int64_t at_us, writer, seq, head, req;
    struct entry entries[FETCHED];
    int n;
};

struct world {
    uint64_t random;
    int64_t now_us, head, writer, last_beat_us;
    int64_t consumed, mark; /* the reader's last event */
    bool forgetful;         /* the source comes back without its last events now and then */
    struct entry log[EVENTS + 1];
    struct flight flying[FLYING];
    struct follow follow;
};

static bool chance(struct world *w, unsigned percent)
{
    return next_random(&w->random) % 100 < percent;
}

static void put_in_the_air(struct world *w, struct flight flight)
{
    bool bad = w->now_us < CALM_US;
    int copies = bad && chance(w, 25) ? 0 : bad && chance(w, 20) ? 2 : 1;
    flight.writer = w->writer;
    flight.head = w->head;
    for (int i = 0; i < FLYING && copies > 0; i++) {
        if (w->flying[i].kind != FLIGHT_NONE)
            continue;
        flight.at_us = w->now_us + (bad ? (int64_t)(next_random(&w->random) % 300000) : 1000);
        w->flying[i] = flight;
        copies--;
    }
}

static void land(struct world *w, const struct flight *f)
{
    switch (f->kind) {
    case FLIGHT_LIVE:
        follow_live(&w->follow, w->now_us, f->writer, f->seq, bus_bytes(&f->entries[0], sizeof f->entries[0]),
                    bus_bytes("", 0));
        break;
    case FLIGHT_HEAD:
        follow_head(&w->follow, w->now_us, f->writer, f->head);
        break;
    case FLIGHT_WELCOME:
        follow_welcome(&w->follow, w->now_us, f->seq, 1, f->writer, f->head);
        break;
    case FLIGHT_BATCH:
        for (int i = 0; i < f->n; i++)
            follow_batch_event(&w->follow, f->req, f->writer, f->entries[i].seq,
                               bus_bytes(&f->entries[i], sizeof f->entries[i]), bus_bytes("", 0));
        follow_batch_end(&w->follow, w->now_us, f->req, f->writer, f->head);
        break;
    case FLIGHT_BUSY:
        follow_refused(&w->follow, w->now_us, -1, -1, "BUSY", 100000);
        break;
    case FLIGHT_DIVERGED:
        follow_refused(&w->follow, w->now_us, -1, -1, "DIVERGED", 5000000);
        break;
    case FLIGHT_NONE:
        break;
    }
}

static void serve_hello(struct world *w)
{
    int64_t seq = w->follow.seq;
    bool shared = seq <= w->head && (seq == 0 || w->log[seq].mark == atoll(w->follow.event_id));
    put_in_the_air(w, (struct flight){.kind = shared ? FLIGHT_WELCOME : FLIGHT_DIVERGED, .seq = seq});
}

static void serve(struct world *w, struct follow_action action)
{
    if (w->now_us < CALM_US && chance(w, 10) && action.kind != FOLLOW_RECONNECT) {
        put_in_the_air(w, (struct flight){.kind = FLIGHT_BUSY});
    } else if (action.kind == FOLLOW_SEND_HELLO) {
        serve_hello(w);
    } else if (action.kind == FOLLOW_SEND_FETCH) {
        struct flight batch = {.kind = FLIGHT_BATCH, .req = action.req};
        int most = 1 + (int)(next_random(&w->random) % FETCHED);
        while (batch.n < most && action.after + batch.n < w->head) {
            batch.entries[batch.n] = w->log[action.after + 1 + batch.n];
            batch.n++;
        }
        put_in_the_air(w, batch);
    }
}

/* Whatever comes out stands right behind what came out before it, in the history where that was written. */
static void consume_some(struct world *w)
{
    const struct follow_event *event;
    for (size_t n = 1 + next_random(&w->random) % 8; n > 0 && (event = follow_peek(&w->follow, 0)) != NULL;
         n--) {
        struct entry entry;
        char id[24];
        memcpy(&entry, event->header.data, sizeof entry);
        assert_int_equal(event->seq, w->consumed + 1);
        assert_int_equal(entry.seq, event->seq);
        assert_int_equal(entry.before, w->mark);
        w->consumed++;
        w->mark = entry.mark;
        snprintf(id, sizeof id, "%lld", (long long)w->mark);
        follow_consume(&w->follow, 1, id);
    }
    assert_int_equal(w->follow.seq, w->consumed);
}

static void write_one(struct world *w)
{
    w->head++;
    w->log[w->head] = (struct entry){
        .seq = w->head, .mark = (int64_t)(next_random(&w->random) >> 8), .before = w->log[w->head - 1].mark};
    put_in_the_air(w, (struct flight){.kind = FLIGHT_LIVE, .seq = w->head, .entries = {w->log[w->head]}});
}

/* Another process of the source: with the same history, or without its end; it may write at once. */
static void restart(struct world *w)
{
    w->writer++;
    int64_t lost = w->forgetful ? (int64_t)(next_random(&w->random) % 16) : 0;
    w->head -= lost < w->head ? lost : w->head;
    for (uint64_t n = next_random(&w->random) % 6; n > 0 && w->head < EVENTS; n--)
        write_one(w);
}

static void step(struct world *w)
{
    w->now_us += STEP_US;
    if (w->head < EVENTS && chance(w, 40))
        write_one(w);
    if (w->now_us < CALM_US && chance(w, 1))
        restart(w);
    if (w->now_us - w->last_beat_us >= 1000000) {
        w->last_beat_us = w->now_us;
        put_in_the_air(w, (struct flight){.kind = FLIGHT_HEAD});
    }
    for (int i = 0; i < FLYING; i++) {
        if (w->flying[i].kind == FLIGHT_NONE || w->flying[i].at_us > w->now_us)
            continue;
        struct flight flight = w->flying[i];
        w->flying[i].kind = FLIGHT_NONE;
        land(w, &flight);
        if (chance(w, 30))
            consume_some(w);
    }
    for (int most = 0;; most++) {
        int64_t due_us = follow_due_us(&w->follow);
        struct follow_action action = follow_act(&w->follow, w->now_us);
        if (action.kind == FOLLOW_NOTHING)
            break;
        assert_true(due_us <= w->now_us); /* it had said that it would have something to say */
        assert_true(most < 4);
        serve(w, action);
    }
    consume_some(w);
}

/* Runs until all is read or the reader knows that it cannot be; returns whether it diverged. */
static bool run(uint64_t seed, bool forgetful)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->random = seed * UINT64_C(0x9E3779B97F4A7C15);
    w->writer = 1;
    w->now_us = 1;
    w->forgetful = forgetful;
    follow_init(&w->follow, 0, 0, "", w->now_us, seed);
    bool lost = false;
    while ((w->consumed < EVENTS || w->now_us < CALM_US || lost) && w->now_us < END_US) {
        step(w);
        lost = w->consumed > w->head || w->log[w->consumed].mark != w->mark;
    }
    bool diverged = w->follow.state == FOLLOW_DIVERGED;
    if (lost != diverged || (!lost && w->consumed != EVENTS))
        print_error("seed %llu: %s at %lld of %lld\n", (unsigned long long)seed,
                    follow_state_name(w->follow.state), (long long)w->consumed, (long long)w->head);
    assert_int_equal(lost, diverged);
    assert_true(lost || w->consumed == EVENTS);
    assert_int_equal(w->follow.bytes, 0);
    follow_done(&w->follow);
    free(w);
    return diverged;
}

static void events_come_out_dense_whatever_the_network_does(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        assert_false(run(seed, false));
}

static void a_lost_tail_is_always_noticed(void **state)
{
    (void)state;
    int diverged = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        diverged += run(seed, true);
    assert_in_range(diverged, SEEDS / 20, SEEDS - SEEDS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_out_dense_whatever_the_network_does),
        cmocka_unit_test(a_lost_tail_is_always_noticed),
    };
    return cmocka_run_group_tests_name("follow network", tests, NULL, NULL);
}
