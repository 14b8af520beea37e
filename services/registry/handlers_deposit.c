/* Personal data left by the edge for events that come after it: that of a batch all together, or none of it,
 * so that a batch which is refused leaves nothing here. */
#include <string.h>

#include "bus/service.h"
#include "deposit_store.h"
#include "said.h"
#include "schema/registry.h"
#include "state.h"
#include "timers.h"

/* Its event comes within seconds, or never: the gateway ended between the two. But where the gateway's stream
 * is not read, or its event was parked, it waits for people. */
#define DEPOSIT_KEPT_US BUS_DAY_US
#define REFUSED_MAX     256 /* of a reply: of more faults than that the first are told */

struct incoming {
    const struct registry_deposit_batch_deposits *in;
    struct person person;
    struct deposit_told told;
    bool again; /* nothing is to be left: its event was accepted, or it stands in the batch before */
};

struct refusals {
    struct registry_deposit_batch_reply_refused *items;
    size_t n;
};

static void refuse(struct refusals *self, size_t n, const char *field, const char *text)
{
    if (self->n < REFUSED_MAX)
        self->items[self->n++] =
            (struct registry_deposit_batch_reply_refused){.n = (int64_t)n, .field = field, .text = text};
}

/* ---- looking, before anything is written */

static void clean(struct bus_context *ctx, struct incoming *all, size_t n, struct refusals *refusals)
{
    const struct registry_state *state = ctx->state;
    for (size_t i = 0; i < n; i++) {
        const struct registry_deposit_batch_deposits *in = all[i].in;
        struct personal_given given = {in->first_name, in->last_name, in->email,
                                       in->phone,      in->street,    in->national_number};
        struct bus_error err = {0};
        const char *field = NULL;
        uint8_t *digest = bus_alloc(ctx->arena, PERSONAL_DIGEST_BYTES);
        personal_digest(&given, state->insz_key, digest);
        while (personal_clean(&given, state->insz_key, ctx->arena, &all[i].person.personal, &field, &err) !=
               BUS_OK) {
            refuse(refusals, i, field, bus_strdup(ctx->arena, err.text));
            personal_leave_out(&given, field);
        }
        all[i].told = (struct deposit_told){.deposit_id = in->deposit_id,
                                            .digest = bus_bytes(digest, PERSONAL_DIGEST_BYTES)};
    }
}

/* `one` against what came before of the same event, if anything did. */
static void compare(struct incoming *one, size_t i, const struct deposit_told *before,
                    struct refusals *refusals)
{
    if (!bus_id_equal(before->deposit_id, one->in->deposit_id))
        return;
    if (before->digest.size > 0 && !bus_bytes_equal(before->digest, one->told.digest))
        refuse(refusals, i, NULL, NULL);
    one->again = true;
}

static void compare_in_batch(struct incoming *all, size_t n, struct refusals *refusals)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i && !all[i].again; k++)
            compare(&all[i], i, &all[k].told, refusals);
}

/* What nobody remembers, since the person is erased or it came when this was kept for a month, counts as the
 * same: a repetition is common, an id used twice is a mistake. */
static enum bus_status compare_known(struct bus_context *ctx, struct incoming *all, size_t n,
                                     struct refusals *refusals)
{
    struct bus_id *ids = bus_alloc_array(ctx->arena, n, sizeof *ids);
    struct deposit_told *told = NULL;
    size_t ids_n = 0, told_n = 0;
    for (size_t i = 0; i < n; i++)
        if (all[i].in->known && !all[i].again)
            ids[ids_n++] = all[i].in->deposit_id;
    enum bus_status status = ids_n > 0 ? deposit_told_look(ctx, ids, ids_n, &told, &told_n) : BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        if (!all[i].in->known || all[i].again)
            continue;
        all[i].again = true;
        for (size_t k = 0; k < told_n; k++)
            compare(&all[i], i, &told[k], refusals);
    }
    return status;
}

/* ---- taking */

/* Who it is about is decided here and recorded, since a replay has no personal data to decide it by. */
static enum bus_status decide(struct bus_context *ctx, struct incoming *one)
{
    const char *partnership =
        one->in->partnership ? one->in->partnership : bus_header_extension_find(ctx->header, "partnership");
    struct person *person = &one->person;
    struct bus_id known = one->in->person_id;
    enum bus_status status =
        bus_id_is_nil(known) ? deposit_whose(ctx, &person->personal, partnership, &known) : BUS_OK;
    person->id = bus_id_is_nil(known) ? bus_new_id(ctx) : known;
    person->channel = one->in->channel ? one->in->channel : personal_channel(&person->personal);
    return status;
}

static enum bus_status put(struct bus_context *ctx, const struct incoming *one)
{
    enum bus_status status = deposit_put(ctx, one->in->deposit_id, &one->person);
    if (status == BUS_OK)
        status = deposit_told_put(ctx, &one->told, one->person.id);
    return status != BUS_OK ? status
                            : bus_timer_set(ctx, "deposit-stale", bus_id_text(ctx, one->in->deposit_id),
                                            ctx->now_us + DEPOSIT_KEPT_US);
}

/* One is put before the next is decided: two deposits about one person find each other. */
static enum bus_status take(struct bus_context *ctx, struct incoming *all, size_t n,
                            struct registry_deposit_batch *recorded)
{
    struct registry_deposit_batch_deposits *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    recorded->deposits = list;
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        struct incoming *one = &all[i];
        if (one->again)
            continue;
        status = decide(ctx, one);
        if (status == BUS_OK)
            status = put(ctx, one);
        list[recorded->deposits_n++] =
            (struct registry_deposit_batch_deposits){.deposit_id = one->in->deposit_id,
                                                     .partnership = one->in->partnership,
                                                     .person_id = one->person.id,
                                                     .channel = one->person.channel};
    }
    return status;
}

/* ---- the commands */

enum bus_status on_registry_deposit_batch(struct bus_context *ctx,
                                          const struct registry_deposit_batch *message)
{
    size_t n = message->deposits_n;
    struct incoming *all = bus_alloc_array(ctx->arena, n, sizeof *all);
    struct refusals refusals = {.items = bus_alloc_array(ctx->arena, REFUSED_MAX, sizeof *refusals.items)};
    struct registry_deposit_batch recorded = {0};
    for (size_t i = 0; i < n; i++)
        all[i] = (struct incoming){.in = &message->deposits[i]};
    clean(ctx, all, n, &refusals);
    enum bus_status status = BUS_OK;
    if (refusals.n == 0) {
        compare_in_batch(all, n, &refusals);
        status = compare_known(ctx, all, n, &refusals);
    }
    if (status == BUS_OK && refusals.n == 0)
        status = take(ctx, all, n, &recorded);
    if (status == BUS_OK && recorded.deposits_n > 0)
        status = record_as(ctx, &registry_deposit_batch_type, &recorded);
    struct registry_deposit_batch_reply reply = {.refused = refusals.items, .refused_n = refusals.n};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_deposit_personal(struct bus_context *ctx,
                                             const struct registry_deposit_personal *message)
{
    const struct registry_deposit_batch_deposits in = {
        .deposit_id = message->deposit_id,
        .first_name = message->first_name,
        .last_name = message->last_name,
        .email = message->email,
        .phone = message->phone,
        .street = message->street,
        .national_number = message->national_number,
        .person_id = message->person_id,
        .channel = message->channel,
    };
    struct incoming one = {.in = &in};
    struct refusals refusals = {.items = bus_alloc_array(ctx->arena, REFUSED_MAX, sizeof *refusals.items)};
    struct registry_deposit_batch taken = {0};
    clean(ctx, &one, 1, &refusals);
    if (refusals.n > 0)
        return bus_fail(ctx->err, BUS_INVALID, "%s", refusals.items[0].text);
    enum bus_status status = take(ctx, &one, 1, &taken);
    if (status == BUS_OK)
        status = record_as(ctx, &registry_deposit_personal_type,
                           &(struct registry_deposit_personal){.deposit_id = in.deposit_id,
                                                               .person_id = one.person.id,
                                                               .channel = one.person.channel});
    struct registry_deposit_personal_reply reply = {.deposit_id = in.deposit_id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_deposit_stale(struct bus_context *ctx, const char *key)
{
    struct bus_id id;
    if (!bus_id_parse(key, strlen(key), &id))
        return bus_fail(ctx->err, BUS_BUG, "the timer deposit-stale has a key that is no id");
    bool parked = false; /* with the referral that names it */
    enum bus_status status = bus_parked(ctx->db, "gateway", bus_id_text(ctx, id), &parked, ctx->err);
    if (status != BUS_OK)
        return status;
    bool may_come = parked || !bus_read_up(ctx, "gateway");
    return may_come ? bus_timer_set(ctx, "deposit-stale", key, ctx->now_us + DEPOSIT_KEPT_US)
                    : deposit_drop(ctx, id);
}
