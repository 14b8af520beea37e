/* Says an event for each one heard; some of them also set a timer, or ask for an effect. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/service.h"
#include "schema/relay.h"
#include "schema/source.h"
#include "sql/relay.h"

#ifndef TIMER_EVERY /* more often in the simulation, whose worlds are short; there some are cleared too */
#define TIMER_EVERY  70
#define TIMER_US     20000
#define EFFECT_EVERY 50
#endif

/* As its setting wants it: what comes of a timer or an effect, and in the simulation what clears a timer,
 * cannot be handled now, or never. */
static enum bus_status suffer(struct bus_context *ctx)
{
    const char *trouble = bus_setting("TROUBLE");
    if (strcmp(trouble, "invalid") == 0)
        return bus_fail(ctx->err, BUS_INVALID, "there is trouble");
    if (strcmp(trouble, "retry") == 0)
        return bus_fail(ctx->err, BUS_RETRY, "there is trouble now");
    return BUS_OK;
}

enum bus_status on_source_counted(struct bus_context *ctx, const struct source_counted *in)
{
    struct relay_echoed echoed = {.subject = in->subject, .number = in->number, .cause = ctx->header->seq};
    const char *key = bus_printf(ctx->arena, "%lld", (long long)in->number);
    enum bus_status status = BUS_OK;
#ifdef CLEAR_EVERY
    if (in->number % CLEAR_EVERY == 1) /* then its letter and the timer's are due together */
        status = suffer(ctx);
#endif
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &relay_echo_add, BUS_INT(in->number));
    if (status == BUS_OK)
        status = bus_say(ctx, &relay_echoed_type, in->subject, &echoed);
    if (status == BUS_OK && in->number % TIMER_EVERY == 0)
        status = bus_timer_set(ctx, "tick", key, ctx->now_us + TIMER_US);
#ifdef CLEAR_EVERY
    if (status == BUS_OK && in->number % CLEAR_EVERY == 1)
        status = bus_timer_clear(ctx, "tick", bus_printf(ctx->arena, "%lld", (long long)in->number - 1));
#endif
    if (status == BUS_OK && in->number % EFFECT_EVERY == 0)
        status = bus_effect(ctx, "ring", key, bus_bytes_of(key));
    return status;
}

static enum bus_status on_tick(struct bus_context *ctx, const char *key)
{
    enum bus_status status = suffer(ctx);
    return status != BUS_OK ? status
                            : bus_say(ctx, &relay_ticked_type, key, &(struct relay_ticked){.key = key});
}

static enum bus_status ring(struct bus_peers *peers, const char *key, struct bus_bytes payload,
                            const void *gathered, struct bus_arena *arena, const char **ret_text,
                            struct bus_error *err)
{
    (void)peers, (void)gathered, (void)arena, (void)err;
    const char *path = bus_setting("RING_FILE");
    *ret_text = "rang";
    if (path[0] == '\0')
        return BUS_OK;
    FILE *file = fopen(path, "a");
    if (file == NULL)
        return bus_fail(err, BUS_RETRY, "no file to ring in");
    fprintf(file, "%s %.*s\n", key, (int)payload.size, (const char *)payload.data);
    fclose(file);
    while (access(bus_printf(arena, "%s.go", path), F_OK) != 0)
        (void)poll(NULL, 0, 10);
    return BUS_OK;
}

/* Says what was asked for: the key, or that it was asked for again. */
static enum bus_status on_rang(struct bus_context *ctx, const struct bus_outcome *outcome)
{
    const char *asked = bus_strndup(ctx->arena, (const char *)outcome->payload.data, outcome->payload.size);
    enum bus_status status = suffer(ctx);
    if (status == BUS_OK)
        status = bus_say(ctx, &relay_rang_type, outcome->key, &(struct relay_rang){.key = asked});
#ifdef AGAIN_EVERY /* the next one: its outcome may be there already, or behind this one in the batch */
    long number = strtol(outcome->key, NULL, 10);
    const char *next = bus_printf(ctx->arena, "%ld", number + EFFECT_EVERY);
    if (status == BUS_OK && number % AGAIN_EVERY == 0)
        status = bus_effect(ctx, "ring", next, bus_bytes_of(bus_printf(ctx->arena, "%s again", next)));
#endif
    return status;
}

int main(int argc, char **argv)
{
    static const char *const follows[] = {"source", NULL};
    static const struct bus_on events[] = {BUS_ON(source_counted), {0}};
    static const struct bus_on_timer timers[] = {{"tick", on_tick}, {0}};
    static const struct bus_on_effect effects[] = {{.name = "ring", .run = ring, .handle = on_rang}, {0}};
    static const struct bus_setting settings[] = {
        {"RING_FILE",
         "each ring is noted here, and lasts until there is a file of this name with .go behind it", ""},
        {"TROUBLE", "what becomes of timers and outcomes: invalid or retry", ""},
        {0}};
    static const struct bus_service relay = {.name = "relay",
                                             .may_come_again = true,
                                             .title = "echoes the source",
                                             .follows = follows,
                                             .events = events,
                                             .timers = timers,
                                             .effects = effects,
                                             .settings = settings,
                                             .statements = relay_sql,
                                             .migrations = relay_migrations};
    return bus_main(argc, argv, &relay);
}
