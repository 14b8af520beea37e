/* What municipalities are called, and which postcodes lie in them. Runs beside the loop, on a connection that
 * only reads. */
#include "bus/page.h"
#include "bus/service.h"
#include "schema/registry.h"
#include "sql/registry.h"

enum bus_status on_registry_municipalities(struct bus_context *ctx, const struct registry_municipalities *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    int64_t limit = bus_page_limit(in->has_limit, in->limit);
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_municipality_page,
                                       BUS_TEXT(in->cursor), BUS_INT(limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(limit, rows.n);
    struct registry_municipalities_reply_municipalities *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct registry_municipalities_reply_municipalities){
            .nis = bus_row_text(&rows, (int)i, 0, ctx->arena),
            .name = bus_row_text(&rows, (int)i, 1, ctx->arena),
            .until = bus_row_text(&rows, (int)i, 2, ctx->arena),
        };
    for (size_t i = 0; i < n; i++)
        list[i].postcodes = bus_row_texts(&rows, (int)i, 3, ctx->arena, &list[i].postcodes_n);
    struct registry_municipalities_reply reply = {.municipalities = list, .municipalities_n = n};
    if (rows.n > limit)
        reply.next = list[n - 1].nis;
    return bus_reply(ctx, &reply);
}
