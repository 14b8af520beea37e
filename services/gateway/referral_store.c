/* See referral_store.h. */
#include "referral_store.h"

#include <string.h>

#include "sql/gateway.h"

static enum bus_status compare(struct bus_context *ctx, const struct referral *referral,
                               struct bus_bytes digest)
{
    if (bus_bytes_equal(digest, bus_bytes(referral->digest, ACCEPTED_DIGEST)))
        return BUS_OK;
    return bus_fail(
        ctx->err, BUS_CONFLICT,
        "referral %s was taken in before with other content, which stands: tell what has changed as a new "
        "referral, with a referral_id of its own and the same external_person",
        bus_id_text(ctx, referral->id));
}

static enum bus_status compare_all(struct bus_context *ctx, const struct referral *referrals, size_t n,
                                   struct bus_id id, struct bus_bytes digest)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        if (bus_id_equal(referrals[i].id, id))
            status = compare(ctx, &referrals[i], digest);
    return status;
}

enum bus_status referral_check(struct bus_context *ctx, const struct referral *referrals, size_t n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = BUS_OK;
    struct bus_id *ids = bus_alloc_array(ctx->arena, n, sizeof *ids);
    size_t ids_n = 0;
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        if (bus_id_is_nil(referrals[i].id))
            continue;
        ids[ids_n++] = referrals[i].id;
        status =
            compare_all(ctx, referrals, i, referrals[i].id, bus_bytes(referrals[i].digest, ACCEPTED_DIGEST));
    }
    if (status != BUS_OK || ids_n == 0)
        return status;
    status = bus_query(ctx->db, ctx->err, &rows, &gateway_referral_find, BUS_IDS(ids, ids_n));
    for (int row = 0; status == BUS_OK && row < rows.n; row++)
        status = compare_all(ctx, referrals, n, bus_row_id(&rows, row, 0),
                             bus_row_bytes(&rows, row, 1, ctx->arena));
    return status;
}

enum bus_status referral_put(struct bus_context *ctx, const struct referral *referral)
{
    if (bus_id_is_nil(referral->id))
        return BUS_OK;
    return bus_exec(ctx->db, ctx->err, &gateway_referral_put, BUS_ID(referral->id),
                    BUS_BYTES(bus_bytes(referral->digest, ACCEPTED_DIGEST)));
}
