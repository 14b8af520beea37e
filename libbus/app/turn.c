/* See turn.h: begin, handle each item, append, advance, commit, publish, answer. */
#include "app/turn.h"

#include "app/ahead.h"
#include "app/answers.h"
#include "app/commands.h"
#include "app/conduct.h"
#include "app/effects.h"
#include "app/loop.h"
#include "app/publish.h"
#include "app/runs.h"
#include "base/failpoint.h"

static enum bus_status build_state(struct bus_turn *turn, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    if (loop->service->open == NULL)
        loop->state_stale = false;
    if (!loop->state_stale)
        return BUS_OK;
    bool undo = loop->service->undo != NULL && loop->state != NULL;
    if (!undo && loop->service->close != NULL && loop->state != NULL)
        loop->service->close(&loop->state);
    static const struct bus_header none = {.id = "", .source = "", .type = ""};
    struct bus_context ctx = {.now_us = loop_now(loop),
                              .header = &none,
                              .arena = turn->arena,
                              .db = store_db(loop->store),
                              .err = err,
                              .turn = turn};
    enum bus_status status =
        undo ? loop->service->undo(&ctx, loop->state) : loop->service->open(&ctx, &loop->state);
    if (status == BUS_OK)
        loop->state_stale = false;
    return status;
}

/* Whether enough was done to be committed while the next turn does the rest. */
static bool is_long(const struct bus_turn *turn)
{
    return bus_clock_monotonic_us() - turn->loop->taking_us > TURN_WORK_US && ahead_allowed(turn->loop, turn);
}

static void cut(struct bus_turn *turn, size_t n)
{
    for (size_t i = n; i < turn->n; i++)
        turn->commands_n -= turn->items[i].kind == ITEM_COMMAND;
    turn->n = n;
    turn->loop->full = true;
}

static enum bus_status handle_all(struct bus_turn *turn, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    for (size_t i = 0; i < turn->n; i++) {
        struct item *item = &turn->items[i];
        uint64_t writes = store_writes(loop->store);
        if (item->kind == ITEM_EVENT) {
            turn->read[item->source] = item->seq;
            turn->read_id[item->source] = item->header.id;
        }
        enum bus_status status = item_handle(turn, item, err);
        if (status == BUS_OK && item->kind == ITEM_COMMAND && !item->answered_before)
            status = answers_keep(turn, item, err);
        /* A refusal before anything was written is an answer like another; no need to undo the batch. */
        bool harmless = item->kind == ITEM_COMMAND && status != BUS_RETRY && turn->touched == 0 &&
                        store_writes(loop->store) == writes && !store_failed(loop->store);
        if (harmless && status == BUS_BUG)
            item_tell_bug(item, err);
        if (status == BUS_OK || harmless)
            status = item_attempts_clear(loop, item, err);
        if (status != BUS_OK)
            return status;
        /* At once, so that the database works on them while the handlers go on. */
        runs_pack(turn);
        /* What waits for the turn before need not wait for all of this one. */
        if (status == BUS_OK && store_commit_stands(loop->store))
            status = turn_await(loop, &(bool){false}, err);
        if (status != BUS_OK)
            return status;
        if (i + 1 < turn->n && is_long(turn))
            cut(turn, i + 1);
    }
    return BUS_OK;
}

static void note_positions(struct bus_turn *turn)
{
    struct loop *loop = turn->loop;
    for (size_t i = 0; i < loop->sources_n; i++) {
        const struct follow *follow = &loop->sources[i].follow;
        if (turn->read[i] > follow->seq)
            store_advance(loop->store, &(struct store_position){.stream = loop->sources[i].name,
                                                                .epoch = follow->epoch,
                                                                .seq = turn->read[i],
                                                                .event_id = turn->read_id[i]});
    }
}

/* The turn stands: tell the world. */
static void carry_out(struct bus_turn *turn)
{
    struct loop *loop = turn->loop;
    loop->metrics.turns++;
    loop->metrics.batch_last = turn->n;
    bus_failpoint("committed");
    publish_said(turn);
    bus_failpoint("published");
    loop->metrics.said += turn->said_n;
    conduct_note(loop, turn);
    for (size_t i = 0; i < loop->sources_n; i++) {
        struct follow *follow = &loop->sources[i].follow;
        if (turn->read[i] > follow->seq)
            follow_consume(follow, (size_t)(turn->read[i] - follow->seq), turn->read_id[i]);
    }
    for (size_t i = 0; i < turn->effects_n; i++)
        effects_start(loop, &turn->effects[i]);
    if (turn->next_timer_us < loop->next_timer_us)
        loop->next_timer_us = turn->next_timer_us;
    for (size_t i = 0; i < turn->n; i++) {
        struct item *item = &turn->items[i];
        if (item->kind == ITEM_OUTCOME)
            effects_finish(loop, item);
        if (item->kind != ITEM_COMMAND)
            continue;
        commands_answer(loop, item->command, item->reply);
        loop->metrics.commands++;
    }
}

struct bus_turn *turn_new(struct loop *loop, struct item *items, size_t n)
{
    struct bus_turn *turn = bus_alloc(loop->arena, sizeof *turn);
    *turn = (struct bus_turn){
        .loop = loop, .arena = loop->arena, .items = items, .n = n, .next_timer_us = INT64_MAX};
    turn->runs_end = &turn->runs;
    bus_buffer_clear(&loop->packed);
    turn->read = bus_alloc_array(loop->arena, loop->sources_n, sizeof *turn->read);
    turn->read_id = bus_alloc_array(loop->arena, loop->sources_n, sizeof *turn->read_id);
    for (size_t i = 0; i < loop->sources_n; i++)
        turn->read[i] = loop_read(loop, i);
    for (size_t i = 0; i < n; i++)
        turn->commands_n += items[i].kind == ITEM_COMMAND;
    return turn;
}

/* `blame`: a message's handler was at work, or a statement of its. */
static bool is_away(const struct loop *loop, enum bus_status status, bool blame)
{
    return status == BUS_RETRY && (!blame || store_away(loop->store));
}

enum bus_status turn_handle(struct bus_turn *turn, bool *ret_away, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    bus_failpoint("taken");
    turn->writes = store_writes(loop->store);
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK)
        status = build_state(turn, err);
    if (status == BUS_OK)
        status = answers_find(turn, turn->items, turn->n, err);
    int64_t before = bus_clock_monotonic_us();
    bool blame = status == BUS_OK;
    if (status == BUS_OK)
        status = handle_all(turn, err);
    int64_t after = bus_clock_monotonic_us();
    loop->metrics.handler_us += (uint64_t)(after - before);
    turn->work_us = after - loop->taking_us;
    if (status == BUS_OK)
        bus_failpoint("handled");
    else
        *ret_away = !blame || is_away(loop, status, blame); /* a state that cannot be built is everybody's */
    return status;
}

void turn_undo(struct loop *loop)
{
    store_rollback(loop->store);
    bus_failpoint("undone");
    loop->state_stale = true;
}

/* Whoever asks whether a command was done should not cost what doing it costs. */
static bool only_asks(const struct bus_turn *turn)
{
    bool only = turn->n > 0 && store_writes(turn->loop->store) == turn->writes;
    for (size_t i = 0; only && i < turn->n; i++)
        only = turn->items[i].kind == ITEM_COMMAND && turn->items[i].command->only_repeated;
    return only;
}

/* Only the stream's owner knows what was not done: another process may have done it and said so. */
static enum bus_status answer_askers(struct bus_turn *turn, bool *ret_away, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    enum bus_status status = store_confirm(loop->store, err);
    if (status != BUS_OK) {
        *ret_away = is_away(loop, status, store_failed(loop->store));
        return status;
    }
    store_rollback(loop->store);
    carry_out(turn);
    return BUS_OK;
}

/* Whether it may be lost with the last moments of a database that crashes, and happens again as if it never
 * had: nothing was said, answered or begun, and what it read is read again, as its positions are lost with
 * what it wrote. The sources still have it: it was on their disks before they told of it, and sources_beat()
 * tells them of no position that is not on ours. What is run alone has its attempts counted on the disk, and
 * so their end. */
static bool comes_again(const struct bus_turn *turn)
{
    bool again =
        turn->loop->service->may_come_again && turn->n > 0 && turn->said_n == 0 && turn->effects_n == 0;
    for (size_t i = 0; again && i < turn->n; i++)
        again = turn->items[i].kind == ITEM_EVENT && !turn->items[i].alone;
    return again;
}

enum bus_status turn_send(struct bus_turn *turn, bool *ret_away, struct bus_error *err)
{
    struct loop *loop = turn->loop;
    if (only_asks(turn))
        return answer_askers(turn, ret_away, err);
    note_positions(turn);
    runs_end(turn);
    if (comes_again(turn))
        store_relax_turn(loop->store);
    enum bus_status status = loop_commit_send(loop, err);
    if (status != BUS_OK) {
        *ret_away = is_away(loop, status, store_failed(loop->store)); /* by a statement that failed late */
        return status;
    }
    for (size_t i = 0; i < turn->n; i++)
        if (turn->items[i].kind == ITEM_COMMAND)
            turn->items[i].command->under_way = true;
    loop->under_way = turn;
    return BUS_OK;
}

enum bus_status turn_await(struct loop *loop, bool *ret_away, struct bus_error *err)
{
    struct bus_turn *turn = loop->under_way;
    enum bus_status status = loop_commit_wait(loop, err);
    loop->under_way = NULL;
    if (status == BUS_OK) {
        carry_out(turn);
        bus_failpoint("answered");
        return BUS_OK;
    }
    *ret_away = is_away(loop, status, store_failed(loop->store));
    turn_undo(loop);
    for (size_t i = 0; i < turn->n; i++)
        if (turn->items[i].kind == ITEM_COMMAND)
            turn->items[i].command->under_way = false;
    return status;
}

enum bus_status turn_run(struct loop *loop, struct item *items, size_t n, bool *ret_away,
                         struct bus_error *err)
{
    struct bus_turn *turn = turn_new(loop, items, n);
    enum bus_status status = turn_handle(turn, ret_away, err);
    if (status == BUS_OK)
        status = turn_send(turn, ret_away, err);
    if (status == BUS_OK)
        return loop->under_way != NULL ? turn_await(loop, ret_away, err) : BUS_OK;
    turn_undo(loop);
    return status;
}
