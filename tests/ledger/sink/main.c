/* Writes down everything it hears, in the order it handles it. A subject can be made poisonous. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/service.h"
#include "schema/relay.h"
#include "schema/sink.h"
#include "schema/source.h"
#include "sql/sink.h"

#define POISONS_MAX 32

struct sink {
    int64_t place;
    size_t poisons_n;
    struct {
        char subject[64];
        int64_t how;
    } poisons[POISONS_MAX];
};

static enum bus_status open_sink(struct bus_context *ctx, void **ret_state)
{
    AUTO(bus_rows_done) struct bus_rows last = {0};
    AUTO(bus_rows_done) struct bus_rows poisons = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &last, &sink_ledger_last, BUS_NONE);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &poisons, &sink_poison_all, BUS_NONE);
    if (status != BUS_OK)
        return status;
    struct sink *self = calloc(1, sizeof *self);
    if (self == NULL)
        return bus_fail(ctx->err, BUS_BUG, "out of memory");
    self->place = bus_row_int(&last, 0, 0);
    for (int i = 0; i < poisons.n && i < POISONS_MAX; i++) {
        snprintf(self->poisons[i].subject, sizeof self->poisons[i].subject, "%s",
                 bus_row_text(&poisons, i, 0, ctx->arena));
        self->poisons[self->poisons_n++].how = bus_row_int(&poisons, i, 1);
    }
    *ret_state = self;
    return BUS_OK;
}

static void close_sink(void **state_p)
{
    free(*state_p);
    *state_p = NULL;
}

static enum bus_status suffer(struct bus_context *ctx, const char *subject)
{
    const struct sink *self = ctx->state;
    for (size_t i = 0; i < self->poisons_n; i++) {
        if (strcmp(self->poisons[i].subject, subject) != 0)
            continue;
        switch ((enum sink_poison_how)self->poisons[i].how) {
        case SINK_POISON_HOW_INVALID:
            return bus_fail(ctx->err, BUS_INVALID, "number %lld is poison", (long long)ctx->header->seq);
        case SINK_POISON_HOW_RETRY:
            return bus_fail(ctx->err, BUS_RETRY, "not now");
        case SINK_POISON_HOW_ABORT:
            abort();
        default:
            break;
        }
    }
    return BUS_OK;
}

static enum bus_status note(struct bus_context *ctx, const char *subject, struct bus_value number,
                            struct bus_value cause, const char *key)
{
    struct sink *self = ctx->state;
    return bus_exec(ctx->db, ctx->err, &sink_ledger_add, BUS_INT(++self->place),
                    BUS_TEXT(ctx->header->stream), BUS_INT(ctx->header->seq), BUS_TEXT(subject), number,
                    cause, BUS_TEXT(key));
}

enum bus_status on_source_counted(struct bus_context *ctx, const struct source_counted *in)
{
    enum bus_status status = suffer(ctx, in->subject);
    return status != BUS_OK ? status : note(ctx, in->subject, BUS_INT(in->number), BUS_NULL, in->mark);
}

enum bus_status on_relay_echoed(struct bus_context *ctx, const struct relay_echoed *in)
{
    enum bus_status status = note(ctx, in->subject, BUS_INT(in->number), BUS_INT(in->cause), NULL);
#ifdef TIMER_EVERY
    if (status == BUS_OK)
        status = bus_timer_set(ctx, "nudge", in->subject, ctx->now_us + TIMER_US);
#endif
    return status;
}

/* Set in the simulation alone, which looks at when it comes due: after a start that is a matter of both
 * streams. */
static enum bus_status on_nudge(struct bus_context *ctx, const char *key)
{
    (void)ctx, (void)key;
    return BUS_OK;
}

enum bus_status on_relay_ticked(struct bus_context *ctx, const struct relay_ticked *in)
{
    return note(ctx, "tick", BUS_NULL, BUS_NULL, in->key);
}

enum bus_status on_relay_rang(struct bus_context *ctx, const struct relay_rang *in)
{
    return note(ctx, "ring", BUS_NULL, BUS_NULL, in->key);
}

enum bus_status on_sink_poison(struct bus_context *ctx, const struct sink_poison *in)
{
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &sink_poison_set, BUS_TEXT(in->subject), BUS_INT(in->how));
    struct sink *self = ctx->state;
    size_t i = 0;
    while (i < self->poisons_n && strcmp(self->poisons[i].subject, in->subject) != 0)
        i++;
    if (i == POISONS_MAX)
        return bus_fail(ctx->err, BUS_CONFLICT, "there are %d poisons already", POISONS_MAX);
    snprintf(self->poisons[i].subject, sizeof self->poisons[i].subject, "%s", in->subject);
    self->poisons[i].how = in->how;
    self->poisons_n += i == self->poisons_n;
    return status;
}

enum bus_status on_sink_written(struct bus_context *ctx, const struct sink_written *in)
{
    (void)in;
    AUTO(bus_rows_done) struct bus_rows last = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &last, &sink_ledger_last, BUS_NONE);
    return status == BUS_OK ? bus_reply(ctx, &(struct sink_written_reply){.place = bus_row_int(&last, 0, 0)})
                            : status;
}

int main(int argc, char **argv)
{
    /* The echo's stream comes first: only `after` keeps an echo behind what it echoes. */
    static const char *const follows[] = {"relay", "source", NULL};
    static const struct bus_on events[] = {
        BUS_ON(source_counted), BUS_ON(relay_echoed), BUS_ON(relay_ticked), BUS_ON(relay_rang), {0}};
    static const struct bus_on commands[] = {BUS_ON(sink_poison), {0}};
    static const struct bus_on queries[] = {BUS_ON(sink_written), {0}};
    static const struct bus_on_timer timers[] = {{"nudge", on_nudge}, {0}};
    static const struct bus_service sink = {.name = "sink",
                                            .may_come_again = true,
                                            .title = "writes down what it hears",
                                            .follows = follows,
                                            .events = events,
                                            .commands = commands,
                                            .queries = queries,
                                            .timers = timers,
                                            .statements = sink_sql,
                                            .migrations = sink_migrations,
                                            .open = open_sink,
                                            .close = close_sink};
    return bus_main(argc, argv, &sink);
}
