/* See names.h. */
#include "names.h"

#include "sql/notifications.h"

enum bus_status names_load(struct bus_context *ctx, struct state *state)
{
    static const char *const kinds[] = {"partnership", "programme", "series", NULL};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &notifications_names_load, BUS_NONE);
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        enum named kind = (enum named)(bus_row_word(&rows, row, 0, kinds) - 1);
        const char *key = bus_row_text(&rows, row, 1, ctx->arena);
        state_name_set(state, kind, key, bus_row_text(&rows, row, 2, ctx->arena),
                       bus_row_text(&rows, row, 3, ctx->arena));
        if (kind == NAMED_PARTNERSHIP)
            state_quiet_set(state, key, bus_row_text(&rows, row, 4, ctx->arena),
                            bus_row_text(&rows, row, 5, ctx->arena));
    }
    return status;
}
