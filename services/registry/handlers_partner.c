/* What partners refer: the referral, and the personal data that was left for it. */
#include <string.h>

#include "bus/service.h"
#include "deposit_store.h"
#include "merging.h"
#include "partner_status.h"
#include "referral_store.h"
#include "registration.h"
#include "said.h"
#include "schema/gateway.h"
#include "schema/registry.h"

static enum registry_found_through found_through(enum common_partner_type partner)
{
    return partner == COMMON_PARTNER_TYPE_VDAB   ? REGISTRY_FOUND_THROUGH_VDAB
           : partner == COMMON_PARTNER_TYPE_OCMW ? REGISTRY_FOUND_THROUGH_OCMW
                                                 : REGISTRY_FOUND_THROUGH_OTHER;
}

/* `fresh`: not under the id that was kept for them. */
static enum bus_status register_referred(struct bus_context *ctx,
                                         const struct gateway_referral_received *referral,
                                         const struct referral_look *look, bool fresh, struct person *person)
{
    struct person_spot *spot = NULL;
    *person = (struct person){
        .id = bus_id_is_nil(look->deposited) || fresh ? bus_new_id(ctx) : look->deposited,
        .preferred_language = referral->preferred_language ? referral->preferred_language : "nl",
        .channel = referral->channel ? referral->channel
                   : look->channel   ? look->channel
                                     : COMMON_CHANNEL_NONE,
        .found_through = found_through(referral->partner_type),
        .personal = look->personal,
    };
    if (referral->profile != NULL)
        person->profile = *referral->profile;
    enum bus_status status =
        person_spots(ctx, referral->partnership, &referral->postcode, &person->id, 1, &spot);
    if (status == BUS_OK)
        status = registration_place(ctx, spot, referral->partnership, person);
    if (status != BUS_OK) /* nothing but a person can put it right: park it */
        return status == BUS_NOT_FOUND || status == BUS_CONFLICT ? BUS_INVALID : status;
    status = partner_may_mean(ctx, referral->partnership, person);
    return status != BUS_OK ? status : registration_write(ctx, person, spot);
}

/* What the person just told the partner counts: where they live, what they read, how they are reached. What
 * else is known here was told to a coordinator, so a partner only fills what is missing. */
static enum bus_status update_known(struct bus_context *ctx, const struct gateway_referral_received *referral,
                                    const struct referral_look *look, struct person *person)
{
    bool changed = referral->profile != NULL && merging_profile(&person->profile, referral->profile);
    if (referral->preferred_language != NULL &&
        strcmp(referral->preferred_language, person->preferred_language) != 0) {
        person->preferred_language = referral->preferred_language;
        changed = true;
    }
    if (referral->channel != COMMON_CHANNEL_UNSET && referral->channel != person->channel) {
        person->channel = referral->channel;
        changed = true;
    }
    struct registry_profile_changed said = {.person_id = person->id,
                                            .partnership = person->partnership,
                                            .profile = person->profile,
                                            .preferred_language = person->preferred_language,
                                            .channel = person->channel};
    enum bus_status status = changed ? person_change(ctx, person) : BUS_OK;
    if (status == BUS_OK && changed)
        status = say(ctx, &registry_profile_changed_type, bus_id_text(ctx, person->id), person->partnership,
                     person->nis, &said);
    if (status != BUS_OK || personal_is_empty(&look->personal))
        return status;
    personal_fill(&person->personal, &look->personal, ctx->arena);
    return person_put_private(ctx, person);
}

static enum bus_status take_deposit(struct bus_context *ctx, const struct gateway_referral_received *referral)
{
    if (bus_id_is_nil(referral->deposit_id))
        return BUS_OK;
    enum bus_status status = deposit_take(ctx, referral->deposit_id, referral->referral_id);
    return status != BUS_OK ? status
                            : bus_timer_clear(ctx, "deposit-stale", bus_id_text(ctx, referral->deposit_id));
}

static enum bus_status link_referral(struct bus_context *ctx,
                                     const struct gateway_referral_received *referral,
                                     const struct person *person, bool created)
{
    struct registry_referral_linked said = {
        .referral_id = referral->referral_id,
        .person_id = person->id,
        .partnership = person->partnership,
        .nis = person->nis,
        .partner_type = referral->partner_type,
        .reason = referral->reason,
        .programme = referral->programme,
        .created = created,
    };
    enum bus_status status = referral_put(ctx, referral, person->id);
    if (status == BUS_OK && referral->external_person != NULL)
        status = link_put(ctx, referral->external_person, person->id);
    if (status == BUS_OK)
        status = take_deposit(ctx, referral);
    return status != BUS_OK ? status
                            : say(ctx, &registry_referral_linked_type, bus_id_text(ctx, person->id),
                                  person->partnership, person->nis, &said);
}

/* Who was found by what the deposit holds, if the partnership asked serves them: whom others serve is told to
 * nobody, so they are registered once more, and stand among the possible duplicates. */
static enum bus_status find_deposited(struct bus_context *ctx,
                                      const struct gateway_referral_received *referral, struct bus_id id,
                                      struct person *person, bool *ret_known, bool *ret_fresh)
{
    enum bus_status status = partner_find_known(ctx, id, person, ret_known, ret_fresh);
    if (status == BUS_OK && *ret_known && strcmp(person->partnership, referral->partnership) != 0) {
        *ret_known = false;
        *ret_fresh = true;
    }
    return status;
}

/* The sender's own reference says best whom they mean; then what the deposit was found to be. Nobody is put
 * on a waiting list by a referral: an intake does that. */
enum bus_status on_gateway_referral_received(struct bus_context *ctx,
                                             const struct gateway_referral_received *message)
{
    struct referral_look look;
    struct person person;
    bool known = false, erased = false, fresh = false;
    enum bus_status status = referral_look(ctx, message, &look);
    if (status != BUS_OK)
        return status;
    if (look.linked_before)
        return take_deposit(ctx, message);
    if (!bus_id_is_nil(message->deposit_id) && bus_id_is_nil(look.deposited))
        return bus_fail(
            ctx->err, BUS_INVALID,
            "the personal data that came with this referral is kept no longer: have the partner send it "
            "again as a new event, and drop this one");
    status = partner_find_known(ctx, look.by_link, &person, &known, &erased);
    if (status == BUS_OK && !known)
        status = find_deposited(ctx, message, look.deposited, &person, &known, &fresh);
    if (status == BUS_OK && known && strcmp(person.partnership, message->partnership) == 0)
        status = partner_follow_move(ctx, message->postcode, true, &person);
    if (status == BUS_OK && known)
        status = partner_may_mean(ctx, message->partnership, &person);
    if (status != BUS_OK)
        return status;
    status = known ? update_known(ctx, message, &look, &person)
                   : register_referred(ctx, message, &look, fresh, &person);
    if (status == BUS_OK)
        status = link_referral(ctx, message, &person, !known);
    return status != BUS_OK || !look.told_early
               ? status
               : partner_status_early(ctx, message->external_person, &person);
}
