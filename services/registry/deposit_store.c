/* See deposit_store.h. */
#include "deposit_store.h"

#include "sql/registry.h"

enum bus_status deposit_whose(struct bus_context *ctx, const struct personal *personal,
                              const char *partnership, struct bus_id *ret_person)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_deposit_whose, BUS_BYTES(personal->insz_hash),
                  BUS_TEXT(personal->email_key), BUS_TEXT(personal->phone), BUS_TEXT(personal->name_key),
                  BUS_TEXT(partnership));
    if (status == BUS_OK)
        *ret_person = rows.n > 0 ? bus_row_id(&rows, 0, 0) : (struct bus_id){{0}};
    return status;
}

enum bus_status deposit_put(struct bus_context *ctx, struct bus_id deposit, const struct person *person)
{
    const struct personal *p = &person->personal;
    return bus_exec(ctx->db, ctx->err, &registry_deposit_put, BUS_ID(deposit), BUS_ID(person->id),
                    BUS_TEXT(bus_word(common_channel_words, person->channel)), BUS_TEXT(p->first_name),
                    BUS_TEXT(p->last_name), BUS_TEXT(p->email), BUS_TEXT(p->phone), BUS_TEXT(p->street),
                    BUS_BYTES(p->insz_hash), BUS_TEXT(p->first_key), BUS_TEXT(p->last_key),
                    BUS_TEXT(p->name_key), BUS_TEXT(p->email_key));
}

enum bus_status deposit_take(struct bus_context *ctx, struct bus_id deposit, struct bus_id referral)
{
    return bus_exec(ctx->db, ctx->err, &registry_deposit_take, BUS_ID(deposit), BUS_ID(referral));
}

enum bus_status deposit_drop(struct bus_context *ctx, struct bus_id deposit)
{
    return bus_exec(ctx->db, ctx->err, &registry_deposit_drop, BUS_ID(deposit));
}

enum bus_status deposit_told_look(struct bus_context *ctx, const struct bus_id *deposits, size_t n,
                                  struct deposit_told **ret_told, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_deposit_told_look, BUS_IDS(deposits, n));
    if (status != BUS_OK)
        return status;
    struct deposit_told *told = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *told);
    for (int i = 0; i < rows.n; i++)
        told[i] = (struct deposit_told){.deposit_id = bus_row_id(&rows, i, 0),
                                        .digest = bus_row_bytes(&rows, i, 1, ctx->arena)};
    *ret_told = told;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status deposit_told_put(struct bus_context *ctx, const struct deposit_told *told,
                                 struct bus_id person_id)
{
    return bus_exec(ctx->db, ctx->err, &registry_deposit_told_put, BUS_ID(told->deposit_id),
                    BUS_BYTES(told->digest), BUS_TIME(ctx->now_us), BUS_ID(person_id));
}
