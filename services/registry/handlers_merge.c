/* The same person registered twice becomes one. */
#include <string.h>

#include "bus/service.h"
#include "merging.h"
#include "person_store.h"
#include "said.h"
#include "schema/registry.h"

static enum bus_status check_two(struct bus_context *ctx, const struct registry_merge_people *message,
                                 struct person *keep, struct person *drop)
{
    enum bus_status status = person_get_known(ctx, message->keep_id, keep);
    if (status == BUS_OK)
        status = person_get_known(ctx, message->drop_id, drop);
    if (status != BUS_OK)
        return status;
    if (bus_id_equal(keep->id, drop->id))
        return bus_fail(ctx->err, BUS_CONFLICT, "these two are one person already");
    if (!bus_id_equal(drop->id, message->drop_id))
        return bus_fail(ctx->err, BUS_CONFLICT, "the entry to drop was merged before; drop %s instead",
                        bus_id_text(ctx, drop->id));
    if (strcmp(keep->partnership, drop->partnership) != 0)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "one entry is served by %s, the other by %s: move one of them first (move-person)",
                        keep->partnership, drop->partnership);
    return BUS_OK;
}

/* Before the merge itself, so that nobody is proposed who rests. Who was only recruited waits for nothing. */
static enum bus_status say_volunteer(struct bus_context *ctx, const struct person *person,
                                     bool capacity_unchanged)
{
    const struct person_volunteer *volunteer = &person->volunteer;
    const char *id = bus_id_text(ctx, person->id);
    struct registry_volunteer_rested rested = {.person_id = person->id,
                                               .partnership = person->partnership,
                                               .nis = person->nis,
                                               .until = volunteer->rest_until};
    struct registry_volunteer_available available = {.person_id = person->id,
                                                     .partnership = person->partnership,
                                                     .nis = person->nis,
                                                     .capacity = volunteer->capacity,
                                                     .has_capacity_unchanged = capacity_unchanged,
                                                     .capacity_unchanged = capacity_unchanged};
    if (volunteer->state == REGISTRY_VOLUNTEER_STATE_RESTING)
        return say(ctx, &registry_volunteer_rested_type, id, person->partnership, person->nis, &rested);
    if (volunteer->state == REGISTRY_VOLUNTEER_STATE_AVAILABLE)
        return say(ctx, &registry_volunteer_available_type, id, person->partnership, person->nis, &available);
    return BUS_OK;
}

static enum bus_status merge_volunteers(struct bus_context *ctx, struct person *keep,
                                        const struct person *drop)
{
    const char *id = bus_id_text(ctx, keep->id);
    const struct person_volunteer before = keep->volunteer;
    bool changed = merging_volunteer(&keep->volunteer, &drop->volunteer);
    enum bus_status status = BUS_OK;
    if (drop->volunteer.rest_until != NULL)
        status = bus_timer_clear(ctx, "rest-over", bus_id_text(ctx, drop->id));
    if (status != BUS_OK || !changed)
        return status;
    if (keep->volunteer.rest_until != NULL)
        status = bus_timer_set(ctx, "rest-over", id, merging_rest_due_us(&keep->volunteer));
    else if (before.rest_until != NULL)
        status = bus_timer_clear(ctx, "rest-over", id);
    if (status == BUS_OK)
        status = volunteer_put(ctx, keep);
    bool same_capacity = keep->volunteer.capacity == before.capacity;
    bool told = same_capacity && keep->volunteer.state == before.state &&
                keep->volunteer.rest_until == before.rest_until;
    return status != BUS_OK || told ? status : say_volunteer(ctx, keep, same_capacity);
}

static enum bus_status say_merged(struct bus_context *ctx, const struct person *keep, struct bus_id drop,
                                  bool changed)
{
    const char *id = bus_id_text(ctx, keep->id);
    struct registry_person_merged merged = {
        .keep_id = keep->id, .drop_id = drop, .partnership = keep->partnership};
    struct registry_profile_changed profile = {.person_id = keep->id,
                                               .partnership = keep->partnership,
                                               .profile = keep->profile,
                                               .preferred_language = keep->preferred_language,
                                               .channel = keep->channel};
    enum bus_status status =
        say(ctx, &registry_person_merged_type, id, keep->partnership, keep->nis, &merged);
    if (status != BUS_OK || !changed)
        return status;
    return say(ctx, &registry_profile_changed_type, id, keep->partnership, keep->nis, &profile);
}

enum bus_status on_registry_merge_people(struct bus_context *ctx, const struct registry_merge_people *message)
{
    struct person keep, drop;
    if (bus_id_equal(message->keep_id, message->drop_id))
        return bus_fail_at(ctx->err, BUS_INVALID, "/drop_id",
                           "`keep_id` and `drop_id` are the same; give two people");
    enum bus_status status = check_two(ctx, message, &keep, &drop);
    if (status != BUS_OK)
        return status;
    bool changed = merging_profile(&keep.profile, &drop.profile);
    if (keep.found_through == 0)
        keep.found_through = drop.found_through;
    if (keep.partner_status == 0)
        keep.partner_status = drop.partner_status;
    if (keep.told_away_us == 0)
        keep.told_away_us = drop.told_away_us;
    bool private = !personal_is_empty(&drop.personal);
    personal_fill(&keep.personal, &drop.personal, ctx->arena);

    status = merge_volunteers(ctx, &keep, &drop);
    if (status == BUS_OK)
        status = person_merge(ctx, keep.id, drop.id);
    if (status == BUS_OK)
        status = person_change(ctx, &keep);
    if (status == BUS_OK && private)
        status = person_put_private(ctx, &keep);
    if (status == BUS_OK)
        status = say_merged(ctx, &keep, drop.id, changed);
    struct registry_merge_people_reply reply = {.person_id = keep.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
