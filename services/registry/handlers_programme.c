/* Programmes: set up, changed, ended. */
#include <string.h>

#include "bus/service.h"
#include "programme.h"
#include "programme_store.h"
#include "said.h"
#include "schema/registry.h"
#include "state.h"

static enum bus_status may_configure(struct bus_context *ctx,
                                     const struct registry_configure_programme *message,
                                     bool partnership_exists, const struct registry_programme_configured *now)
{
    enum bus_status status = may(ctx, message->partnership, NULL);
    if (status != BUS_OK)
        return status;
    if (!partnership_exists)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s; form it first",
                        message->partnership);
    if (now->version > 0 && strcmp(now->partnership, message->partnership) != 0)
        return bus_fail(ctx->err, BUS_CONFLICT, "programme %s is run by %s; take another id",
                        message->programme, now->partnership);
    if (now->version > 0 && now->kind != message->kind)
        return bus_fail(ctx->err, BUS_CONFLICT, "programme %s is a %s and stays one; take another id",
                        message->programme, bus_word(common_programme_kind_words, now->kind));
    return programme_goes_on(ctx, message->programme);
}

enum bus_status on_registry_configure_programme(struct bus_context *ctx,
                                                const struct registry_configure_programme *message)
{
    bool partnership_exists = false;
    struct registry_programme_configured now;
    enum bus_status status =
        programme_find(ctx, message->programme, message->partnership, &partnership_exists, &now);
    if (status == BUS_OK)
        status = may_configure(ctx, message, partnership_exists, &now);
    if (status != BUS_OK)
        return status;

    struct registry_programme_configured next = now;
    if (now.version == 0) {
        next.rules = programme_rules_of(message->kind);
        next.weights = programme_weights_of(message->kind);
    }
    next.programme = message->programme;
    next.partnership = message->partnership;
    next.kind = message->kind;
    next.name = message->name;
    if (message->has_action) {
        next.has_action = true;
        next.action = message->action;
    }
    programme_change_rules(&next.rules, message->rules);
    programme_change_weights(&next.weights, message->weights);
    if (now.version == 0 || !programme_same(&now, &next)) {
        next.version = now.version + 1;
        status = programme_put(ctx, &next);
        if (status == BUS_OK)
            status =
                say(ctx, &registry_programme_configured_type, next.programme, next.partnership, NULL, &next);
    }
    struct registry_configure_programme_reply reply = {.programme = next.programme, .version = next.version};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

static enum bus_status may_end(struct bus_context *ctx, const struct registry_end_programme *message)
{
    const struct registry_state *state = ctx->state;
    const struct atlas_entry *programme = atlas_find(&state->atlas, ATLAS_PROGRAMME, message->programme);
    enum bus_status status = may(ctx, message->partnership, NULL);
    if (status != BUS_OK)
        return status;
    if (programme == NULL)
        return bus_fail_at(ctx->err, BUS_NOT_FOUND, "/programme", "there is no programme %s",
                           message->programme);
    if (strcmp(programme->of, message->partnership) != 0)
        return bus_fail_at(ctx->err, BUS_CONFLICT, "/programme", "programme %s is run by %s",
                           message->programme, programme->of);
    return BUS_OK;
}

static enum bus_status end(struct bus_context *ctx, const struct registry_end_programme *message)
{
    struct registry_programme_ended ended = {.programme = message->programme,
                                             .partnership = message->partnership,
                                             .on_date = message->on_date,
                                             .reason = message->reason};
    int64_t configured_us = 0;
    enum bus_status status = programme_first_configured(ctx, message->programme, &configured_us);
    if (status == BUS_OK)
        status = programme_end_day(message->on_date, configured_us, ctx->now_us, ctx->err);
    if (status == BUS_OK)
        status = programme_end(ctx, &ended);
    return status != BUS_OK
               ? status
               : say(ctx, &registry_programme_ended_type, ended.programme, ended.partnership, NULL, &ended);
}

enum bus_status on_registry_end_programme(struct bus_context *ctx,
                                          const struct registry_end_programme *message)
{
    const struct registry_state *state = ctx->state;
    enum bus_status status = may_end(ctx, message);
    if (status != BUS_OK)
        return status;
    const struct atlas_entry *before = atlas_find(&state->atlas, ATLAS_ENDED, message->programme);
    if (before != NULL && strcmp(before->of, message->on_date) != 0)
        return bus_fail(ctx->err, BUS_CONFLICT, "programme %s ended on %s already", message->programme,
                        before->of);
    if (before == NULL)
        status = end(ctx, message);
    struct registry_end_programme_reply reply = {.programme = message->programme};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
