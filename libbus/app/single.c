/* When a batch fails, its messages are run one by one: the one to blame is retried, parked or refused, the
 * rest go on. Attempts are counted in transactions of their own, so that a message that kills the process is
 * known. */
#include <string.h>

#include "app/answers.h"
#include "app/commands.h"
#include "app/reply.h"
#include "app/turn.h"
#include "base/failpoint.h"

#define ATTEMPTS_MAX 5

static int64_t backoff_us(int attempts)
{
    return BUS_SECOND_US << (attempts < 9 ? attempts : 9);
}

/* In a transaction of its own: the attempts are over, and with `keep` the refusal is what every repetition
 * gets. */
static enum bus_status settle(struct loop *loop, struct item *item, bool keep, struct bus_error *err)
{
    struct bus_turn turn = {.loop = loop, .arena = loop->arena};
    enum bus_status status = store_begin(loop->store, err);
    if (status == BUS_OK && keep)
        status = answers_keep(&turn, item, err);
    if (status == BUS_OK)
        status = item_attempts_clear(loop, item, err);
    if (status == BUS_OK)
        status = loop_commit(loop, err);
    if (status != BUS_OK)
        store_rollback(loop->store);
    return status;
}

/* `source`: under which attempts at the command are counted, or NULL. No fence stops the refusal then, but
 * the batch was undone first, by a round trip that tells a process when its stream was taken over. */
static enum bus_status refuse(struct loop *loop, struct item *item, const char *source,
                              const struct bus_error *why, struct bus_error *err)
{
    enum bus_status status = source != NULL ? settle(loop, item, false, err) : BUS_OK;
    if (status != BUS_OK)
        return status;
    if (why->status == BUS_BUG)
        item_tell_bug(item, why);
    commands_refuse(loop, item->command, why);
    return BUS_OK;
}

static enum bus_status refuse_for_good(struct loop *loop, struct item *item, const struct bus_error *why,
                                       struct bus_error *err)
{
    reply_frames(loop->arena, why->status, why, NULL, 0, (struct bus_bytes){0}, item->reply);
    enum bus_status status = settle(loop, item, true, err);
    return status != BUS_OK ? status : refuse(loop, item, NULL, why, err);
}

/* What was answered before comes to no handler: that is not what ended the process. */
static enum bus_status is_to_blame(struct loop *loop, struct item *item, bool *ret, struct bus_error *err)
{
    struct bus_turn turn = {.loop = loop, .arena = loop->arena};
    enum bus_status status = answers_find(&turn, item, 1, err);
    *ret = !item->answered_before;
    return status;
}

static enum bus_status give_up(struct loop *loop, struct item *item, int attempts, struct bus_error *err)
{
    struct bus_error crashed = {0};
    item_crashed(item, attempts - 1, &crashed);
    if (item->kind == ITEM_COMMAND)
        return refuse_for_good(loop, item, &crashed, err);
    return dead_park(loop, item, "parked", attempts, 0, &crashed, err);
}

/* Runs one item; what cannot work is parked or refused. BUS_RETRY: the world is not ready. */
static enum bus_status run_one(struct loop *loop, struct item *item, struct bus_error *err)
{
    int64_t seq = 0;
    int attempts = 0;
    const char *source = item_attempt_source(loop, item, &seq);
    if (source != NULL) {
        enum bus_status counted = store_attempt(loop->store, source, seq, &attempts, err);
        if (counted != BUS_OK)
            return counted;
        attempts -= excuse_count(&loop->excuse, source, seq);
        bus_failpoint("attempt-counted");
    }
    if (attempts > ATTEMPTS_MAX) {
        bool blame = false;
        enum bus_status looked = is_to_blame(loop, item, &blame, err);
        if (looked != BUS_OK || blame)
            return looked != BUS_OK ? looked : give_up(loop, item, attempts, err);
    }
    struct bus_error why = {0};
    bool away = false;
    item->alone = true;
    enum bus_status status = turn_run(loop, item, 1, &away, &why);
    if (status == BUS_OK)
        return BUS_OK;
    if (strcmp(why.code, "BUS-FENCED") == 0 || away) {
        if (source != NULL)
            excuse_add(&loop->excuse, source, seq);
        *err = why;
        return status;
    }
    if (item->kind == ITEM_COMMAND)
        return refuse(loop, item, source, &why, err);
    if (status == BUS_RETRY)
        return dead_park(loop, item, "retrying", attempts, item->now_us + backoff_us(attempts), &why, err);
    bus_log_warn("%s %s cannot be handled: %s", item->header.type, item->header.id, why.text);
    return dead_park(loop, item, "parked", attempts, 0, &why, err);
}

enum bus_status single_run(struct loop *loop, struct item *items, size_t n, struct bus_error *err)
{
    loop->metrics.singles++;
    for (size_t i = 0; i < n; i++) {
        enum bus_status status = run_one(loop, &items[i], err);
        if (status != BUS_OK)
            return status;
    }
    return BUS_OK;
}
