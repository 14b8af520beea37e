/* Who awaits an intake, and who a decision as they are away. Runs beside the loop, on a connection that only
 * reads. */
#include "bus/page.h"
#include "bus/service.h"
#include "known.h"
#include "schema/registry.h"
#include "sql/registry.h"

static struct registry_arrivals_reply_people read_arrival(const struct bus_rows *rows, int row,
                                                          struct bus_arena *arena)
{
    return (struct registry_arrivals_reply_people){
        .person_id = bus_row_id(rows, row, 0),
        .partnership = bus_row_text(rows, row, 1, arena),
        .nis = bus_row_text(rows, row, 2, arena),
        .volunteer_state =
            bus_row_null(rows, row, 3) ? 0 : bus_row_word(rows, row, 3, registry_volunteer_state_words),
        .registered = bus_row_time(rows, row, 4),
        .referred = bus_row_time(rows, row, 5),
    };
}

enum bus_status on_registry_arrivals(struct bus_context *ctx, const struct registry_arrivals *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_page page;
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, NULL);
    if (status == BUS_OK)
        status =
            bus_query(ctx->db, ctx->err, &rows, &registry_arrivals_page, BUS_TEXT(in->partnership),
                      BUS_TEXT(in->nis), BUS_TIME(page.at_us), BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct registry_arrivals_reply_people *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_arrival(&rows, (int)i, ctx->arena);
    struct registry_arrivals_reply reply = {.people = list, .people_n = n};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].registered, list[n - 1].person_id);
    return bus_reply(ctx, &reply);
}

static struct registry_away_reply_people read_away(const struct bus_rows *rows, int row,
                                                   struct bus_arena *arena)
{
    return (struct registry_away_reply_people){
        .person_id = bus_row_id(rows, row, 0),
        .partnership = bus_row_text(rows, row, 1, arena),
        .nis = bus_row_text(rows, row, 2, arena),
        .volunteer_state =
            bus_row_null(rows, row, 3) ? 0 : bus_row_word(rows, row, 3, registry_volunteer_state_words),
        .status = bus_row_word(rows, row, 4, common_partner_status_words),
        .told = bus_row_time(rows, row, 5),
    };
}

enum bus_status on_registry_away(struct bus_context *ctx, const struct registry_away *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_page page;
    enum bus_status status = bus_page_read(ctx, in->has_limit, in->limit, in->cursor, &page);
    if (status == BUS_OK)
        status = known_check(ctx, in->partnership, NULL);
    if (status == BUS_OK)
        status =
            bus_query(ctx->db, ctx->err, &rows, &registry_away_page, BUS_TEXT(in->partnership),
                      BUS_TEXT(in->nis), BUS_TIME(page.at_us), BUS_ID(page.at_id), BUS_INT(page.limit + 1));
    if (status != BUS_OK)
        return status;
    size_t n = bus_page_rows(page.limit, rows.n);
    struct registry_away_reply_people *list = bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = read_away(&rows, (int)i, ctx->arena);
    struct registry_away_reply reply = {.people = list, .people_n = n};
    if (rows.n > page.limit)
        reply.next = bus_page_next(ctx, list[n - 1].told, list[n - 1].person_id);
    return bus_reply(ctx, &reply);
}
