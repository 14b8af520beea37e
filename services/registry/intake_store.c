/* See intake_store.h. */
#include "intake_store.h"

#include "sql/registry.h"
#include "state.h"

enum bus_status intake_youngest(struct bus_context *ctx, struct bus_id *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_intake_youngest, BUS_NONE);
    if (status == BUS_OK)
        *ret = rows.n > 0 ? bus_row_id(&rows, 0, 0) : (struct bus_id){0};
    return status;
}

enum bus_status intake_look(struct bus_context *ctx, struct bus_id intake, bool *ret_recorded)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct registry_state *state = ctx->state;
    *ret_recorded = false;
    if (bus_id_is_nil(intake) || bus_id_compare(intake, state->youngest_intake) > 0)
        return BUS_OK;
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_intake_get, BUS_ID(intake));
    if (status == BUS_OK)
        *ret_recorded = bus_row_bool(&rows, 0, 0);
    return status;
}

enum bus_status intake_put(struct bus_context *ctx, const struct registry_intake_held *row)
{
    struct registry_state *state = ctx->state;
    if (bus_id_compare(row->intake_id, state->youngest_intake) > 0)
        state->youngest_intake = row->intake_id;
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
