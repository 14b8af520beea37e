/* Follows registry: the language and channel of each person, and the names that stand in texts. */
#include <stdio.h>

#include "bus/service.h"
#include "forgetting.h"
#include "letters.h"
#include "message_store.h"
#include "readers.h"
#include "schema/registry.h"
#include "sql/notifications.h"

enum bus_status on_registry_partnership_formed(struct bus_context *ctx,
                                               const struct registry_partnership_formed *in)
{
    state_name_set(ctx->state, NAMED_PARTNERSHIP, in->partnership, in->name, NULL);
    return bus_exec(ctx->db, ctx->err, &notifications_partnership_put, BUS_TEXT(in->partnership),
                    BUS_TEXT(in->name));
}

enum bus_status on_registry_programme_configured(struct bus_context *ctx,
                                                 const struct registry_programme_configured *in)
{
    state_name_set(ctx->state, NAMED_PROGRAMME, in->programme, in->name, NULL);
    return bus_exec(ctx->db, ctx->err, &notifications_programme_put, BUS_TEXT(in->programme),
                    BUS_TEXT(in->name));
}

/* What is not said is mail. */
static enum common_channel channel_of(enum common_channel channel)
{
    return channel != COMMON_CHANNEL_UNSET ? channel : COMMON_CHANNEL_MAIL;
}

static enum bus_status put(struct bus_context *ctx, struct bus_id person_id, const char *language,
                           enum common_channel channel)
{
    return bus_exec(ctx->db, ctx->err, &notifications_person_put, BUS_ID(person_id), BUS_TEXT(language),
                    BUS_TEXT(bus_word(common_channel_words, (int)channel)));
}

/* The first that is heard of them: who was erased or merged is not registered again. */
enum bus_status on_registry_person_registered(struct bus_context *ctx,
                                              const struct registry_person_registered *in)
{
    enum common_channel channel = channel_of(in->channel);
    struct reader reader = {.asked_id = in->person_id,
                            .person_id = in->person_id,
                            .channel = channel_used(channel),
                            .may_be_told = channel != COMMON_CHANNEL_NONE};
    snprintf(reader.language, sizeof reader.language, "%s", in->preferred_language);
    state_reader_keep(ctx->state, &reader);
    return put(ctx, in->person_id, in->preferred_language, channel);
}

/* What has not left yet follows the person's new choice. */
enum bus_status on_registry_profile_changed(struct bus_context *ctx,
                                            const struct registry_profile_changed *in)
{
    enum common_channel channel = channel_of(in->channel);
    enum bus_status status = put(ctx, in->person_id, in->preferred_language, channel);
    state_reader_forget(ctx->state, in->person_id);
    struct messages all = state_of_person(ctx->state, in->person_id, ctx->arena);
    for (size_t i = 0; i < all.n && status == BUS_OK; i++) {
        struct message *m = all.items[i];
        if (!bus_id_is_nil(m->carrier))
            continue;
        snprintf(m->language, sizeof m->language, "%s", in->preferred_language);
        m->channel = channel_used(channel);
        status = message_change(ctx, m);
    }
    return status;
}

enum bus_status on_registry_person_merged(struct bus_context *ctx, const struct registry_person_merged *in)
{
    state_reader_forget(ctx->state, in->drop_id);
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &notifications_person_merge, BUS_ID(in->keep_id), BUS_ID(in->drop_id));
    if (status != BUS_OK)
        return status;
    return letters_merge(ctx, in->keep_id, in->drop_id);
}

/* What waits for someone will not be sent: it ends here, without a try. What travels ends with its outcome.
 */
static enum bus_status give_up(struct bus_context *ctx, struct bus_id person_id, bool erased)
{
    struct messages all = state_of_person(ctx->state, person_id, ctx->arena);
    enum bus_status status = BUS_OK;
    for (size_t i = 0; i < all.n && status == BUS_OK; i++) {
        struct message *m = all.items[i];
        if (!bus_id_is_nil(m->carrier))
            continue;
        status = erased ? message_dropped(ctx, m, NOTIFICATIONS_DROP_REASON_ERASED)
                        : message_failed(ctx, m, m->attempts, NOTIFICATIONS_FAIL_REASON_NO_CONSENT);
    }
    return status;
}

enum bus_status on_registry_person_erased(struct bus_context *ctx, const struct registry_person_erased *in)
{
    state_reader_forget(ctx->state, in->person_id);
    enum bus_status status = bus_exec(ctx->db, ctx->err, &notifications_person_erase, BUS_ID(in->person_id));
    if (status == BUS_OK)
        status = letters_forget(ctx, in->person_id);
    return status == BUS_OK ? give_up(ctx, in->person_id, true) : status;
}

static enum bus_status consent(struct bus_context *ctx, struct bus_id person_id, bool may_contact)
{
    state_reader_forget(ctx->state, person_id);
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &notifications_person_consent, BUS_ID(person_id), BUS_BOOL(may_contact));
    return status == BUS_OK && !may_contact ? give_up(ctx, person_id, false) : status;
}

enum bus_status on_registry_consent_given(struct bus_context *ctx, const struct registry_consent_given *in)
{
    return in->purpose == REGISTRY_CONSENT_PURPOSE_CONTACT ? consent(ctx, in->person_id, true) : BUS_OK;
}

enum bus_status on_registry_consent_withdrawn(struct bus_context *ctx,
                                              const struct registry_consent_withdrawn *in)
{
    return in->purpose == REGISTRY_CONSENT_PURPOSE_CONTACT ? consent(ctx, in->person_id, false) : BUS_OK;
}

/* Nobody writes to the dead. */
enum bus_status on_registry_status_recorded(struct bus_context *ctx,
                                            const struct registry_status_recorded *in)
{
    return in->status == COMMON_PARTNER_STATUS_DECEASED ? consent(ctx, in->person_id, false) : BUS_OK;
}
