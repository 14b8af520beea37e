/* See referrals.h. */
#include "referrals.h"

#include "bus/service.h"
#include "schema/gateway.h"
#include "schema/registry.h"
#include "schema/reporting.h"
#include "sql/reporting.h"

static const char *nis_of_header(struct bus_context *ctx)
{
    return bus_header_extension_find(ctx->header, "nis");
}

enum bus_status on_gateway_referral_received(struct bus_context *ctx,
                                             const struct gateway_referral_received *event)
{
    return bus_exec(ctx->db, ctx->err, &reporting_referral_put, BUS_ID(event->referral_id),
                    BUS_TEXT(ctx->header->source), BUS_TEXT(event->external_person),
                    BUS_TEXT(event->partnership), BUS_TEXT(nis_of_header(ctx)),
                    BUS_TIME(ctx->header->time_us));
}

enum bus_status on_registry_referral_linked(struct bus_context *ctx,
                                            const struct registry_referral_linked *event)
{
    return bus_exec(ctx->db, ctx->err, &reporting_referral_link, BUS_ID(event->referral_id),
                    BUS_ID(event->person_id), BUS_TEXT(event->programme), BUS_TEXT(event->partnership),
                    BUS_TEXT(event->nis), BUS_TIME(ctx->header->time_us));
}

enum bus_status referrals_note(struct bus_context *ctx, const struct referral_note *note)
{
    const struct bus_id people[] = {note->person, note->other};
    return bus_exec(
        ctx->db, ctx->err, &reporting_referral_note, BUS_IDS(people, bus_id_is_nil(note->other) ? 1 : 2),
        BUS_TEXT(bus_word(reporting_referral_step_words, (int)note->step)), BUS_TEXT(note->programme),
        BUS_TEXT(note->partnership), BUS_TEXT(note->nis), BUS_TIME(ctx->header->time_us));
}

/* ---- who may be told of */

static enum bus_status put_consent(struct bus_context *ctx, enum registry_consent_purpose purpose,
                                   struct bus_id person, bool agreed)
{
    if (purpose != REGISTRY_CONSENT_PURPOSE_SHARE_WITH_PARTNER)
        return BUS_OK;
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &reporting_referral_consent, BUS_ID(person), BUS_BOOL(agreed));
    return status == BUS_OK && agreed ? bus_exec(ctx->db, ctx->err, &reporting_referral_tell, BUS_ID(person))
                                      : status;
}

enum bus_status on_registry_consent_given(struct bus_context *ctx, const struct registry_consent_given *event)
{
    return put_consent(ctx, event->purpose, event->person_id, true);
}

enum bus_status on_registry_consent_withdrawn(struct bus_context *ctx,
                                              const struct registry_consent_withdrawn *event)
{
    return put_consent(ctx, event->purpose, event->person_id, false);
}

enum bus_status referrals_merge(struct bus_context *ctx, struct bus_id keep, struct bus_id drop)
{
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &reporting_referral_merge, BUS_ID(keep), BUS_ID(drop));
    return status == BUS_OK ? bus_exec(ctx->db, ctx->err, &reporting_referral_tell, BUS_ID(keep)) : status;
}

enum bus_status referrals_erase(struct bus_context *ctx, struct bus_id person, const char *partnership)
{
    return bus_exec(ctx->db, ctx->err, &reporting_referral_erase, BUS_ID(person), BUS_TEXT(partnership),
                    BUS_TEXT(nis_of_header(ctx)), BUS_TIME(ctx->header->time_us));
}
