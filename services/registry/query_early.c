/* What partners told of people whom they have not referred: for who can put a reference right. Runs beside
 * the loop, on a connection that only reads. */
#include "bus/page.h"
#include "bus/service.h"
#include "referral_store.h"
#include "schema/registry.h"
#include "sql/registry.h"

enum column { ID, SOURCE, EXTERNAL_PERSON, PARTNER_TYPE, STATUS, PARTNERSHIP, TOLD, TOTAL, OLDEST };

static struct registry_own_early_statuses_reply_statuses read_status(const struct bus_rows *rows, int row,
                                                                     struct bus_arena *arena)
{
    const int64_t told_us = bus_row_time(rows, row, TOLD);
    return (struct registry_own_early_statuses_reply_statuses){
        .source = bus_row_text(rows, row, SOURCE, arena),
        .external_person = bus_row_text(rows, row, EXTERNAL_PERSON, arena),
        .partner_type = bus_row_word(rows, row, PARTNER_TYPE, common_partner_type_words),
        .status = bus_row_word(rows, row, STATUS, common_partner_status_words),
        .partnership = bus_row_text(rows, row, PARTNERSHIP, arena),
        .told = told_us,
        .until = told_us + EARLY_STATUS_KEPT_US,
    };
}

enum bus_status on_registry_own_early_statuses(struct bus_context *ctx,
                                               const struct registry_own_early_statuses *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_page page;
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &registry_early_status_page,
                           BUS_TEXTS(in->sources, in->sources_n),
                           BUS_TEXTS(in->partnerships, in->partnerships_n), BUS_TEXTS(in->nis, in->nis_n),
                           BUS_TIME(page.at_us), BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    const size_t n = bus_row_null(&rows, 0, ID) ? 0 : bus_page_rows(page.limit, (size_t)rows.n);
    struct registry_own_early_statuses_reply_statuses *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_status(&rows, (int)i, ctx->arena);
    struct registry_own_early_statuses_reply reply = {
        .statuses = list,
        .statuses_n = n,
        .total = bus_row_int(&rows, 0, TOTAL),
        .oldest = bus_row_time(&rows, 0, OLDEST),
    };
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].told, bus_row_id(&rows, (int)n - 1, ID));
    return bus_reply(ctx, &reply);
}
