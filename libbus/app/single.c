/* When a batch fails, its messages are run one by one: the one to blame is retried, parked or refused, the
 * rest go on. Attempts are counted in transactions of their own, so that a message that kills the process is
 * known. */
#include <string.h>

#include "app/loop.h"
#include "app/turn.h"
#include "base/failpoint.h"

#define ATTEMPTS_MAX 5

const char *item_attempt_source(struct loop *loop, const struct item *item, int64_t *ret_seq)
{
    *ret_seq = item->seq;
    switch (item->kind) {
    case ITEM_EVENT:
        return item->source_name;
    case ITEM_TIMER:
        *ret_seq = item->timer.due_us;
        return bus_printf(loop->arena, "timer/%s/%s", item->timer.name, item->timer.key);
    case ITEM_OUTCOME:
        return bus_printf(loop->arena, "effect/%s/%s", item->on_effect->name, item->outcome.key);
    case ITEM_DEAD:
        return bus_printf(loop->arena, "dead/%s/%s", item->source_name, item->dead->event_id);
    case ITEM_COMMAND:
        break;
    }
    return NULL;
}

enum bus_status item_attempts_clear(struct loop *loop, const struct item *item, struct bus_error *err)
{
    int64_t seq = 0;
    if (item->kind == ITEM_EVENT || item->kind == ITEM_COMMAND)
        return BUS_OK;
    const char *source = item_attempt_source(loop, item, &seq);
    return store_attempt_clear(loop->store, source, seq, err);
}

int excuse_count(const struct excuse *self, const char *source, int64_t seq)
{
    bool same = seq == self->seq && strncmp(source, self->source, sizeof self->source - 1) == 0;
    return same ? self->n : 0;
}

void excuse_add(struct excuse *self, const char *source, int64_t seq)
{
    int n = excuse_count(self, source, seq);
    *self = (struct excuse){.seq = seq, .n = n + 1};
    strncpy(self->source, source, sizeof self->source - 1);
}

static int64_t backoff_us(int attempts)
{
    return BUS_SECOND_US << (attempts < 9 ? attempts : 9);
}

static void refuse(struct loop *loop, struct item *item, const struct bus_error *why)
{
    reply_frames(loop->arena, why->status, why, NULL, 0, (struct bus_bytes){0}, item->reply);
    net_reply(loop->net, item->command->route, "REPLY", item->reply, 2);
    commands_remove(loop, item->command);
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
        struct bus_error crashed = {0};
        (void)bus_fail_code(&crashed, BUS_BUG, "BUS-CRASHED", "given up after %d attempts that did not end",
                            attempts - 1);
        return dead_park(loop, item, "parked", attempts, 0, &crashed, err);
    }
    struct bus_error why = {0};
    bool away = false;
    enum bus_status status = turn_run(loop, item, 1, &away, &why);
    if (status == BUS_OK)
        return BUS_OK;
    if (strcmp(why.code, "BUS-FENCED") == 0 || away) {
        if (source != NULL)
            excuse_add(&loop->excuse, source, seq);
        *err = why;
        return status;
    }
    if (item->kind == ITEM_COMMAND) {
        refuse(loop, item, &why);
        return BUS_OK;
    }
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
