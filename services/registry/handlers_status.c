/* What partners tell of a person's situation; see partner_status.h. */
#include <string.h>

#include "bus/service.h"
#include "partner_status.h"
#include "person_move.h"
#include "referral_store.h"
#include "resting.h"
#include "said.h"
#include "schema/gateway.h"
#include "schema/registry.h"
#include "timers.h"

/* ---- whom they mean */

enum bus_status partner_find_known(struct bus_context *ctx, struct bus_id id, struct person *person,
                                   bool *ret_found, bool *ret_erased)
{
    *ret_found = false;
    if (bus_id_is_nil(id))
        return BUS_OK;
    enum bus_status status = person_get(ctx, id, person);
    if (status == BUS_NOT_FOUND)
        return BUS_OK;
    if (status == BUS_OK) {
        *ret_found = person->known;
        *ret_erased = person->erased;
    }
    return status;
}

enum bus_status partner_may_mean(struct bus_context *ctx, const char *asked, const struct person *person)
{
    const char *nis = bus_header_extension_find(ctx->header, "nis");
    if (asked == NULL)
        asked = bus_header_extension_find(ctx->header, "partnership");
    if (asked != NULL && strcmp(asked, person->partnership) != 0)
        return bus_fail(
            ctx->err, BUS_INVALID,
            "partnership %s serves this person, and the event is for %s: move the person, or have the "
            "sender use another reference",
            person->partnership, asked);
    if (nis != NULL && strcmp(nis, person->nis) != 0)
        return bus_fail(
            ctx->err, BUS_INVALID,
            "this person lives in municipality %s, and the event is for %s: have the sender correct "
            "the postcode or the attribute nis",
            person->nis, nis);
    return BUS_OK;
}

/* ---- statuses */

/* No new proposals for who is no longer there, until a coordinator has looked; running duos go on. */
static bool ends_proposals(enum common_partner_status status)
{
    return status == COMMON_PARTNER_STATUS_MOVED_AWAY || status == COMMON_PARTNER_STATUS_DECEASED ||
           status == COMMON_PARTNER_STATUS_UNREACHABLE;
}

enum bus_status partner_follow_move(struct bus_context *ctx, const char *postcode, bool within_partnership,
                                    struct person *person)
{
    struct person_spot *spot = NULL;
    if (postcode == NULL || strcmp(postcode, person->postcode) == 0)
        return BUS_OK;
    enum bus_status status = person_spots(ctx, NULL, &postcode, NULL, 1, &spot);
    if (status != BUS_OK)
        return status;
    if (spot->place.nis == NULL) {
        bus_log_warn("a partner told of a postcode that does not exist; person %s stays where they were",
                     bus_id_text(ctx, person->id));
        return BUS_OK;
    }
    if (within_partnership && spot->served_by != NULL && strcmp(spot->served_by, person->partnership) != 0) {
        bus_log_warn(
            "a partner told of a postcode that another partnership serves; person %s stays where they were",
            bus_id_text(ctx, person->id));
        return BUS_OK;
    }
    bool had_street = person->personal.street != NULL;
    person->personal.street = NULL;
    status = person_move(ctx, person, spot);
    return status == BUS_OK && had_street ? person_put_private(ctx, person) : status;
}

static enum bus_status record_status(struct bus_context *ctx, const struct gateway_status_changed *message,
                                     struct person *person)
{
    struct registry_status_recorded said = {
        .person_id = person->id,
        .partnership = person->partnership,
        .partner_type = message->partner_type,
        .status = message->status,
        .since = message->since,
    };
    person->partner_status = message->status;
    if (ends_proposals(message->status))
        person->told_away_us = ctx->now_us;
    enum bus_status status = person_change(ctx, person);
    return status != BUS_OK ? status
                            : say(ctx, &registry_status_recorded_type, bus_id_text(ctx, person->id),
                                  person->partnership, person->nis, &said);
}

static enum bus_status apply(struct bus_context *ctx, const struct gateway_status_changed *message,
                             struct person *person)
{
    enum bus_status status = record_status(ctx, message, person);
    if (status == BUS_OK)
        status = partner_follow_move(ctx, message->postcode, false, person);
    enum registry_volunteer_state state = person->volunteer.state;
    bool comes_back = state == REGISTRY_VOLUNTEER_STATE_RECRUITED ||
                      state == REGISTRY_VOLUNTEER_STATE_AVAILABLE || person->volunteer.rest_until != NULL;
    if (status == BUS_OK && comes_back && ends_proposals(message->status))
        status = volunteer_rest(ctx, person, NULL, 0);
    return status;
}

enum bus_status on_gateway_status_changed(struct bus_context *ctx,
                                          const struct gateway_status_changed *message)
{
    struct link link;
    struct person person;
    bool known = false, erased = false;
    enum bus_status status = link_get(ctx, message->external_person, &link);
    if (status == BUS_OK && bus_id_is_nil(link.person))
        return link.erased ? BUS_OK : early_status_put(ctx, message);
    if (status == BUS_OK)
        status = partner_find_known(ctx, link.person, &person, &known, &erased);
    if (status != BUS_OK || !known)
        return status;
    status = partner_may_mean(ctx, message->partnership, &person);
    return status != BUS_OK ? status : apply(ctx, message, &person);
}

enum bus_status on_early_status_stale(struct bus_context *ctx, const char *key)
{
    int64_t n = 0;
    (void)key;
    enum bus_status status = early_status_forget(ctx, &n);
    if (status == BUS_OK && n > 0)
        bus_log_warn(
            "%lld of the statuses that partners told 30 days ago are forgotten: no referral has named "
            "their references; own-early-statuses lists those that still wait",
            (long long)n);
    return status;
}

/* The referral stands, whatever was told before it: what does not fit whom it found is passed over. */
enum bus_status partner_status_early(struct bus_context *ctx, const char *external_person,
                                     struct person *person)
{
    struct early_status early;
    enum bus_status status = early_status_take(ctx, external_person, &early);
    if (status != BUS_OK)
        return status;
    bool fits =
        (early.told.partnership == NULL || strcmp(early.told.partnership, person->partnership) == 0) &&
        (early.nis == NULL || strcmp(early.nis, person->nis) == 0);
    if (fits)
        return apply(ctx, &early.told, person);
    bus_log_warn(
        "what a partner told before its referral was for another place: person %s keeps the status they had",
        bus_id_text(ctx, person->id));
    return BUS_OK;
}
