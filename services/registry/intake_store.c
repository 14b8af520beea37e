/* See intake_store.h. */
#include "intake_store.h"

#include "sql/registry.h"

enum bus_status intake_look(struct bus_context *ctx, struct bus_id intake, bool *ret_recorded)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    *ret_recorded = false;
    if (bus_id_is_nil(intake))
        return BUS_OK;
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_intake_get, BUS_ID(intake));
    if (status == BUS_OK)
        *ret_recorded = bus_row_bool(&rows, 0, 0);
    return status;
}

enum bus_status intake_put(struct bus_context *ctx, const struct registry_intake_held *row)
{
    return bus_exec(ctx->db, ctx->err, &registry_intake_put, BUS_ID(row->intake_id), BUS_ID(row->person_id),
                    BUS_TEXT(row->programme), BUS_TEXT(bus_word(common_side_words, row->side)),
                    BUS_TIME(ctx->now_us));
}

enum bus_status consent_get(struct bus_context *ctx, struct bus_id person,
                            enum registry_consent_purpose purpose, enum consent_answer *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_consent_get, BUS_ID(person),
                                       BUS_TEXT(bus_word(registry_consent_purpose_words, purpose)));
    if (status == BUS_OK)
        *ret = rows.n == 0                 ? CONSENT_NEVER_ASKED
               : bus_row_bool(&rows, 0, 0) ? CONSENT_GIVEN
                                           : CONSENT_WITHDRAWN;
    return status;
}

enum bus_status consent_put(struct bus_context *ctx, struct bus_id person,
                            enum registry_consent_purpose purpose, bool given)
{
    return bus_exec(ctx->db, ctx->err, &registry_consent_put, BUS_ID(person),
                    BUS_TEXT(bus_word(registry_consent_purpose_words, purpose)), BUS_BOOL(given),
                    BUS_TIME(ctx->now_us));
}
