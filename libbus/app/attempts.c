/* Under what name attempts at a message are counted, and which of them were nobody's fault. See turn.h. */
#include <string.h>

#include "app/loop.h"
#include "app/turn.h"

static const char *name_of(struct bus_arena *arena, const char *kind, const char *name, const char *key)
{
    return item_key(arena, bus_printf(arena, "%s/%s/%s", kind, name, key));
}

const char *item_attempt_source(struct loop *loop, const struct item *item, int64_t *ret_seq)
{
    *ret_seq = item->seq;
    switch (item->kind) {
    case ITEM_EVENT:
        return item->source_name;
    case ITEM_TIMER:
        *ret_seq = item->timer.due_us;
        return name_of(loop->arena, "timer", item->timer.name, item->timer.key);
    case ITEM_OUTCOME:
        return name_of(loop->arena, "effect", item->on_effect->name, item->outcome.key);
    case ITEM_DEAD:
        return name_of(loop->arena, "dead", item->source_name, item->dead->event_id);
    case ITEM_COMMAND: /* until its sender repeats it nothing is known of it but this */
        return loop->care.until_us != 0 ? bus_printf(loop->arena, "/command/%s", item->command->key) : NULL;
    }
    return NULL;
}

enum bus_status item_attempts_clear(struct loop *loop, const struct item *item, struct bus_error *err)
{
    int64_t seq = 0;
    const char *source = item->kind == ITEM_EVENT ? NULL : item_attempt_source(loop, item, &seq);
    return source != NULL ? store_attempt_clear(loop->store, source, seq, err) : BUS_OK;
}

void item_crashed(const struct item *item, int attempts, struct bus_error *why)
{
    (void)bus_fail_code(why, item->kind == ITEM_COMMAND ? BUS_INVALID : BUS_BUG, "BUS-CRASHED",
                        "given up after %d attempts that did not end", attempts);
    bus_log_error("BUS-CRASHED: %s %s: %s; see the runbook", item->header.type, item->header.id, why->text);
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
