/* See referral_store.h. */
#include "referral_store.h"

#include "sql/registry.h"

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

enum bus_status link_get(struct bus_context *ctx, const char *external_person, struct bus_id *ret_person)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_link_get,
                                       BUS_TEXT(ctx->header->source), BUS_TEXT(external_person));
    if (status == BUS_OK)
        *ret_person = rows.n > 0 ? bus_row_id(&rows, 0, 0) : (struct bus_id){{0}};
    return status;
}

enum bus_status link_put(struct bus_context *ctx, const char *external_person, struct bus_id person)
{
    return bus_exec(ctx->db, ctx->err, &registry_link_put, BUS_TEXT(ctx->header->source),
                    BUS_TEXT(external_person), BUS_ID(person));
}

enum bus_status early_status_put(struct bus_context *ctx, const struct gateway_status_changed *told)
{
    const char *partnership =
        told->partnership ? told->partnership : bus_header_extension_find(ctx->header, "partnership");
    return bus_exec(ctx->db, ctx->err, &registry_early_status_put, BUS_TEXT(ctx->header->source),
                    BUS_TEXT(told->external_person), BUS_TEXT(partnership),
                    BUS_TEXT(bus_header_extension_find(ctx->header, "nis")),
                    BUS_TEXT(bus_word(common_partner_type_words, told->partner_type)),
                    BUS_TEXT(bus_word(common_partner_status_words, told->status)), BUS_TEXT(told->since),
                    BUS_TEXT(told->postcode), BUS_TIME(ctx->now_us));
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
