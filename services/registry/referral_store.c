/* See referral_store.h. */
#include "referral_store.h"

#include <sodium.h>
#include <string.h>

#include "sql/registry.h"
#include "state.h"

enum bus_status referral_look(struct bus_context *ctx, const struct gateway_referral_received *referral,
                              struct referral_look *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_referral_look,
                                       BUS_ID(referral->referral_id), BUS_ID(referral->deposit_id),
                                       BUS_TEXT(ctx->header->source), BUS_TEXT(referral->external_person));
    if (status != BUS_OK)
        return status;
    const char *channel = bus_row_text(&rows, 0, 3, ctx->arena);
    *ret = (struct referral_look){
        .linked_before = bus_row_bool(&rows, 0, 0),
        .by_link = bus_row_id(&rows, 0, 1),
        .deposited = bus_row_id(&rows, 0, 2),
        .channel = channel ? bus_word_value(common_channel_words, channel) : 0,
    };
    ret->told_early = bus_row_bool(&rows, 0, 10);
    struct personal kept = {
        .first_name = bus_row_text(&rows, 0, 4, ctx->arena),
        .last_name = bus_row_text(&rows, 0, 5, ctx->arena),
        .email = bus_row_text(&rows, 0, 6, ctx->arena),
        .phone = bus_row_text(&rows, 0, 7, ctx->arena),
        .street = bus_row_text(&rows, 0, 8, ctx->arena),
        .insz_hash = bus_row_bytes(&rows, 0, 9, ctx->arena),
    };
    personal_overlay(&ret->personal, &kept, ctx->arena);
    return BUS_OK;
}

enum bus_status referral_put(struct bus_context *ctx, const struct gateway_referral_received *referral,
                             struct bus_id person)
{
    return bus_exec(ctx->db, ctx->err, &registry_referral_put, BUS_ID(referral->referral_id), BUS_ID(person),
                    BUS_TEXT(bus_word(common_partner_type_words, referral->partner_type)),
                    BUS_TEXT(bus_word(common_referral_reason_words, referral->reason)),
                    BUS_TIME(ctx->now_us));
}

/* ---- references */

struct digest {
    uint8_t bytes[INSZ_HASH_BYTES];
};

static struct digest reference_digest(struct bus_context *ctx, const char *source,
                                      const char *external_person)
{
    const struct registry_state *state = ctx->state;
    struct digest ret;
    crypto_generichash_state hash;
    crypto_generichash_init(&hash, state->insz_key, sizeof state->insz_key, sizeof ret.bytes);
    crypto_generichash_update(&hash, (const uint8_t *)source, strlen(source) + 1);
    crypto_generichash_update(&hash, (const uint8_t *)external_person, strlen(external_person) + 1);
    crypto_generichash_final(&hash, ret.bytes, sizeof ret.bytes);
    return ret;
}

enum bus_status link_get(struct bus_context *ctx, const char *external_person, struct link *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct digest digest = reference_digest(ctx, ctx->header->source, external_person);
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_link_get, BUS_TEXT(ctx->header->source),
                  BUS_TEXT(external_person), BUS_BYTES(bus_bytes(digest.bytes, sizeof digest.bytes)));
    if (status == BUS_OK)
        *ret = (struct link){.person = bus_row_id(&rows, 0, 0), .erased = bus_row_bool(&rows, 0, 1)};
    return status;
}

enum bus_status link_put(struct bus_context *ctx, const char *external_person, struct bus_id person)
{
    struct digest digest = reference_digest(ctx, ctx->header->source, external_person);
    return bus_exec(ctx->db, ctx->err, &registry_link_put, BUS_TEXT(ctx->header->source),
                    BUS_TEXT(external_person), BUS_ID(person),
                    BUS_BYTES(bus_bytes(digest.bytes, sizeof digest.bytes)));
}

enum bus_status links_erase(struct bus_context *ctx, struct bus_id person)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_links_take, BUS_ID(person));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        struct digest digest = reference_digest(ctx, bus_row_text(&rows, i, 0, ctx->arena),
                                                bus_row_text(&rows, i, 1, ctx->arena));
        status = bus_exec(ctx->db, ctx->err, &registry_reference_erased_put,
                          BUS_BYTES(bus_bytes(digest.bytes, sizeof digest.bytes)));
    }
    return status;
}

/* ---- statuses that came before a referral */

/* One timer for all, at what is due first. */
static enum bus_status forget_later(struct bus_context *ctx, const struct bus_rows *oldest)
{
    if (bus_row_null(oldest, 0, 0))
        return BUS_OK;
    return bus_timer_set(ctx, EARLY_STATUS_STALE, "all", bus_row_time(oldest, 0, 0) + EARLY_STATUS_KEPT_US);
}

enum bus_status early_status_put(struct bus_context *ctx, const struct gateway_status_changed *told)
{
    AUTO(bus_rows_done) struct bus_rows oldest = {0};
    const char *partnership =
        told->partnership ? told->partnership : bus_header_extension_find(ctx->header, "partnership");
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &oldest, &registry_early_status_put, BUS_TEXT(ctx->header->source),
                  BUS_TEXT(told->external_person), BUS_TEXT(partnership),
                  BUS_TEXT(bus_header_extension_find(ctx->header, "nis")),
                  BUS_TEXT(bus_word(common_partner_type_words, told->partner_type)),
                  BUS_TEXT(bus_word(common_partner_status_words, told->status)), BUS_TEXT(told->since),
                  BUS_TEXT(told->postcode), BUS_TIME(ctx->now_us));
    return status == BUS_OK ? forget_later(ctx, &oldest) : status;
}

enum bus_status early_status_forget(struct bus_context *ctx, int64_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows oldest = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &oldest, &registry_early_status_forget,
                                       BUS_TIME(ctx->now_us - EARLY_STATUS_KEPT_US));
    if (status != BUS_OK)
        return status;
    *ret_n = bus_row_int(&oldest, 0, 1);
    return forget_later(ctx, &oldest);
}

enum bus_status early_status_take(struct bus_context *ctx, const char *external_person,
                                  struct early_status *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_early_status_take,
                                       BUS_TEXT(ctx->header->source), BUS_TEXT(external_person));
    if (status != BUS_OK)
        return status;
    if (rows.n != 1)
        return bus_fail(ctx->err, BUS_BUG, "no status is kept for this reference");
    *ret = (struct early_status){
        .told = {.external_person = external_person,
                 .partnership = bus_row_text(&rows, 0, 0, ctx->arena),
                 .partner_type =
                     bus_word_value(common_partner_type_words, bus_row_text(&rows, 0, 2, ctx->arena)),
                 .status = bus_word_value(common_partner_status_words, bus_row_text(&rows, 0, 3, ctx->arena)),
                 .since = bus_row_text(&rows, 0, 4, ctx->arena),
                 .postcode = bus_row_text(&rows, 0, 5, ctx->arena)},
        .nis = bus_row_text(&rows, 0, 1, ctx->arena),
    };
    return BUS_OK;
}
