/* Partnerships, their members and organisations. */
#include <string.h>

#include "bus/service.h"
#include "organisation_store.h"
#include "partnership_store.h"
#include "said.h"
#include "schema/registry.h"

#define MEMBERS_MAX 100

static enum bus_status say_member(struct bus_context *ctx, const struct registry_member_joined *joined)
{
    enum bus_status status = member_put(ctx, joined);
    return status != BUS_OK ? status
                            : say(ctx, &registry_member_joined_type, joined->partnership, joined->partnership,
                                  joined->nis, joined);
}

/* Each that stands twice is a fault of its own. */
static enum bus_status check_members(struct bus_context *ctx, const struct registry_form_partnership *message,
                                     const char *const *nis)
{
    bool lead = false;
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < message->municipalities_n; i++) {
        bool again = false;
        lead = lead || strcmp(nis[i], message->lead_nis) == 0;
        for (size_t j = 0; j < i; j++)
            again = again || strcmp(nis[i], nis[j]) == 0;
        if (again)
            status = bus_fault_keep(
                ctx, bus_fail_at(ctx->err, BUS_INVALID, bus_printf(ctx->arena, "/municipalities/%zu/nis", i),
                                 "municipality %s stands twice in `municipalities`", nis[i]));
    }
    if (status == BUS_OK && !lead)
        status = bus_fault_keep(ctx, bus_fail_at(ctx->err, BUS_INVALID, "/municipalities",
                                                 "add the lead municipality %s to `municipalities`",
                                                 message->lead_nis));
    return status;
}

static enum bus_status check_known(struct bus_context *ctx, const struct partnership_look *look,
                                   const char *nis, const char *pointer)
{
    for (size_t i = 0; i < look->unknown_n; i++)
        if (strcmp(look->unknown[i], nis) == 0)
            return bus_fault_keep(ctx, bus_fail_at(ctx->err, BUS_INVALID, pointer,
                                                   "there is no municipality with NIS code %s", nis));
    return BUS_OK;
}

static enum bus_status may_join(struct bus_context *ctx, const struct partnership_look *look)
{
    if (look->elsewhere != NULL)
        return bus_fail(ctx->err, BUS_CONFLICT, "member of another partnership already: %s", look->elsewhere);
    return BUS_OK;
}

/* Which municipalities belong together decides what a token for one of them reaches: no limited one does. */
static enum bus_status may_join_others(struct bus_context *ctx)
{
    enum bus_status status = may(ctx, NULL, NULL);
    if (status == BUS_DENIED)
        return bus_fail(
            ctx->err, BUS_DENIED,
            "a token with limits does not decide which municipalities belong to a partnership: ask "
            "who has one without");
    return status;
}

static enum bus_status may_form(struct bus_context *ctx, const struct registry_form_partnership *message,
                                const char *const *nis)
{
    size_t n = message->municipalities_n;
    struct partnership_look look;
    enum bus_status status = check_members(ctx, message, nis);
    if (status == BUS_OK)
        status = partnership_look(ctx, message->partnership, nis, n + 1, &look);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        status = check_known(ctx, &look, nis[i], bus_printf(ctx->arena, "/municipalities/%zu/nis", i));
    if (status == BUS_OK)
        status = check_known(ctx, &look, message->lead_nis, "/lead_nis");
    if (status == BUS_OK)
        status = bus_faults_judge(ctx);
    if (status == BUS_OK && look.exists)
        return bus_fail(ctx->err, BUS_CONFLICT, "partnership %s exists already; use add-member",
                        message->partnership);
    return status != BUS_OK ? status : may_join(ctx, &look);
}

enum bus_status on_registry_form_partnership(struct bus_context *ctx,
                                             const struct registry_form_partnership *message)
{
    size_t n = message->municipalities_n;
    const char **nis = bus_alloc_array(ctx->arena, n + 1, sizeof *nis); /* the lead once more, behind them */
    for (size_t i = 0; i < n; i++)
        nis[i] = message->municipalities[i].nis;
    nis[n] = message->lead_nis;
    enum bus_status status = may_join_others(ctx);
    if (status == BUS_OK)
        status = may_form(ctx, message, nis);
    if (status != BUS_OK)
        return status;

    struct registry_partnership_formed formed = {.partnership = message->partnership,
                                                 .name = message->name,
                                                 .since = message->since,
                                                 .lead_nis = message->lead_nis};
    status = partnership_put(ctx, &formed);
    if (status == BUS_OK)
        status = say(ctx, &registry_partnership_formed_type, formed.partnership, formed.partnership,
                     formed.lead_nis, &formed);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        const char *since = message->municipalities[i].since;
        status = say_member(ctx, &(struct registry_member_joined){.partnership = message->partnership,
                                                                  .nis = nis[i],
                                                                  .since = since ? since : message->since});
    }
    struct registry_form_partnership_reply reply = {.partnership = message->partnership};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_add_member(struct bus_context *ctx, const struct registry_add_member *message)
{
    struct partnership_look look;
    enum bus_status status = may_join_others(ctx);
    if (status == BUS_OK)
        status = partnership_look(ctx, message->partnership, &message->nis, 1, &look);
    if (status == BUS_OK && !look.exists)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s; form it first",
                        message->partnership);
    if (status == BUS_OK)
        status = check_known(ctx, &look, message->nis, "/nis");
    if (status == BUS_OK)
        status = bus_faults_judge(ctx);
    if (status == BUS_OK)
        status = may_join(ctx, &look);
    if (status != BUS_OK)
        return status;
    if (look.already == NULL && look.members >= MEMBERS_MAX)
        return bus_fail(ctx->err, BUS_CONFLICT, "partnership %s has %d members, the most there can be",
                        message->partnership, MEMBERS_MAX);
    if (look.already == NULL) {
        status = say_member(ctx, &(struct registry_member_joined){.partnership = message->partnership,
                                                                  .nis = message->nis,
                                                                  .since = message->since});
        look.members++;
    }
    struct registry_add_member_reply reply = {.partnership = message->partnership, .members = look.members};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

static enum bus_status may_register(struct bus_context *ctx,
                                    const struct registry_register_organisation *message,
                                    const struct organisation_look *look)
{
    if (message->postcode != NULL && look->nis == NULL)
        return bus_fail_at(ctx->err, BUS_INVALID, "/postcode", "there is no postcode %s", message->postcode);
    enum bus_status status = may(ctx, message->partnership, look->nis);
    if (status != BUS_OK)
        return status;
    if (!look->partnership_exists)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s; form it first",
                        message->partnership);
    if (look->id_taken)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this organisation_id is taken; leave it out and one is made");
    if (look->kbo_taken)
        return bus_fail(ctx->err, BUS_CONFLICT, "another organisation of %s has enterprise number %s",
                        message->partnership, message->kbo);
    return BUS_OK;
}

enum bus_status on_registry_register_organisation(struct bus_context *ctx,
                                                  const struct registry_register_organisation *message)
{
    struct organisation_look look;
    enum bus_status status = organisation_look(ctx, message, &look);
    if (status == BUS_OK)
        status = may_register(ctx, message, &look);
    if (status != BUS_OK)
        return status;
    struct bus_id id = bus_id_is_nil(message->organisation_id) ? bus_new_id(ctx) : message->organisation_id;
    struct registry_organisation_registered said = {
        .organisation_id = id, .partnership = message->partnership, .kind = message->kind, .nis = look.nis};
    status = organisation_put(ctx, id, message, look.nis);
    if (status == BUS_OK)
        status = say(ctx, &registry_organisation_registered_type, bus_id_text(ctx, id), said.partnership,
                     said.nis, &said);
    struct registry_register_organisation_reply reply = {.organisation_id = id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
