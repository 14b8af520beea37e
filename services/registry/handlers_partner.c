/* What partners refer: the personal data left at the edge, and the referral that it belongs to. */
#include <string.h>

#include "handlers.h"
#include "partner_status.h"
#include "referral_store.h"
#include "registration.h"
#include "said.h"
#include "state.h"

/* Its event comes within seconds, or never: its batch was refused. But one that was parked waits for people.
 */
#define DEPOSIT_KEPT_US BUS_DAY_US

/* ---- deposits */

/* Who it is about is decided here and recorded, since a replay has no personal data to decide it by. */
static enum bus_status decide_person(struct bus_context *ctx, const struct registry_deposit_personal *message,
                                     struct person *person, bool *ret_here)
{
    struct bus_id known = {{0}};
    enum bus_status status = deposit_look(ctx, message->deposit_id, &person->personal, ret_here, &known);
    if (status != BUS_OK || *ret_here)
        return status;
    person->id = !bus_id_is_nil(message->person_id) ? message->person_id
                 : !bus_id_is_nil(known)            ? known
                                                    : bus_new_id(ctx);
    person->channel = message->channel ? message->channel : personal_channel(&person->personal);
    return BUS_OK;
}

enum bus_status on_deposit_personal(struct bus_context *ctx, const struct registry_deposit_personal *message)
{
    const struct registry_state *state = ctx->state;
    struct personal_given given = {message->first_name, message->last_name, message->email,
                                   message->phone,      message->street,    message->national_number};
    struct person person = {0};
    bool here = false;
    enum bus_status status =
        personal_clean(&given, state->insz_key, ctx->arena, &person.personal, NULL, ctx->err);
    if (status == BUS_OK)
        status = decide_person(ctx, message, &person, &here);
    if (status == BUS_OK && !here) {
        struct registry_deposit_personal recorded = {
            .deposit_id = message->deposit_id, .person_id = person.id, .channel = person.channel};
        status = record_as(ctx, &registry_deposit_personal_type, &recorded);
        if (status == BUS_OK)
            status = deposit_put(ctx, message->deposit_id, &person);
        if (status == BUS_OK)
            status = bus_timer_set(ctx, "deposit-stale", bus_id_text(ctx, message->deposit_id),
                                   ctx->now_us + DEPOSIT_KEPT_US);
    }
    struct registry_deposit_personal_reply reply = {.deposit_id = message->deposit_id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_deposit_stale(struct bus_context *ctx, const char *key)
{
    struct bus_id id;
    if (!bus_id_parse(key, strlen(key), &id))
        return bus_fail(ctx->err, BUS_BUG, "the timer deposit-stale has a key that is no id");
    bool parked = false;
    enum bus_status status = deposit_parked(ctx, &parked);
    if (status != BUS_OK)
        return status;
    return parked ? bus_timer_set(ctx, "deposit-stale", key, ctx->now_us + DEPOSIT_KEPT_US)
                  : deposit_drop(ctx, id);
}

/* ---- referrals */

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

static enum bus_status fill_in(struct bus_context *ctx, const struct referral_look *look,
                               struct person *person)
{
    if (personal_is_empty(&look->personal))
        return BUS_OK;
    personal_fill(&person->personal, &look->personal, ctx->arena);
    return person_put_private(ctx, person);
}

static enum bus_status drop_deposit(struct bus_context *ctx, struct bus_id deposit)
{
    if (bus_id_is_nil(deposit))
        return BUS_OK;
    enum bus_status status = deposit_drop(ctx, deposit);
    return status != BUS_OK ? status : bus_timer_clear(ctx, "deposit-stale", bus_id_text(ctx, deposit));
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
        status = drop_deposit(ctx, referral->deposit_id);
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
enum bus_status on_referral_received(struct bus_context *ctx, const struct gateway_referral_received *message)
{
    struct referral_look look;
    struct person person;
    bool known = false, erased = false, fresh = false;
    enum bus_status status = referral_look(ctx, message, &look);
    if (status != BUS_OK)
        return status;
    if (look.linked_before)
        return drop_deposit(ctx, message->deposit_id);
    if (!bus_id_is_nil(message->deposit_id) && bus_id_is_nil(look.deposited))
        return bus_fail(
            ctx->err, BUS_INVALID,
            "the personal data that came with this referral is kept no longer: have the partner send it "
            "again as a new event, and drop this one");
    status = partner_find_known(ctx, look.by_link, &person, &known, &erased);
    if (status == BUS_OK && !known)
        status = find_deposited(ctx, message, look.deposited, &person, &known, &fresh);
    if (status == BUS_OK && known)
        status = partner_may_mean(ctx, message->partnership, &person);
    if (status != BUS_OK)
        return status;
    status = known ? fill_in(ctx, &look, &person) : register_referred(ctx, message, &look, fresh, &person);
    if (status == BUS_OK)
        status = link_referral(ctx, message, &person, !known);
    return status != BUS_OK || !look.told_early
               ? status
               : partner_status_early(ctx, message->external_person, &person);
}
