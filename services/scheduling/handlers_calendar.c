/* Calendar links and what they open. Whoever has the link sees no name but the title of a series. */
#include <sodium.h>
#include <string.h>

#include "bus/service.h"
#include "calendar.h"
#include "link.h"
#include "people_store.h"
#include "schema/scheduling.h"
#include "sql/scheduling.h"
#include "state.h"

#define TALK_TITLE  "Kennismakingsgesprek"
#define PAST_US     (30 * BUS_DAY_US)
#define ENTRIES_MAX 400
#define ETAG_BYTES  16

enum bus_status on_scheduling_issue_calendar_link(struct bus_context *ctx,
                                                  const struct scheduling_issue_calendar_link *in)
{
    const struct scheduling_state *state = ctx->state;
    struct person *person = NULL;
    char token[LINK_TOKEN];
    uint8_t hash[LINK_BYTES];
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    if (!state->has_key)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "calendar links are not set up here: give the service CALENDAR_KEY_FILE");
    enum bus_status status = people_current(ctx, &in->person_id, 1, &person);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &scheduling_link_get, BUS_ID(person->id));
    if (status != BUS_OK)
        return status;
    int64_t counter = rows.n > 0 ? bus_row_int(&rows, 0, 0) + 1 : 1;
    link_token(state->link_key, person->id, counter, token);
    link_hash(token, hash);
    status = bus_exec(ctx->db, ctx->err, &scheduling_link_put, BUS_ID(person->id), BUS_INT(counter),
                      BUS_BYTES(bus_bytes(hash, sizeof hash)));
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_issue_calendar_link_reply){
                              .token = token, .path = bus_printf(ctx->arena, "/v1/calendar/%s.ics", token)});
}

static enum bus_status person_of(struct bus_context *ctx, const char *token, struct bus_id *ret)
{
    uint8_t hash[LINK_BYTES];
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    link_hash(token, hash);
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &scheduling_link_by_hash,
                                       BUS_BYTES(bus_bytes(hash, sizeof hash)));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND,
                        "this calendar link is not one of ours, or a newer one replaced it");
    *ret = bus_row_id(&rows, 0, 0);
    return BUS_OK;
}

static struct calendar_entry read_entry(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    const char *title = bus_row_text(rows, row, 1, ctx->arena);
    return (struct calendar_entry){
        .id = bus_row_id(rows, row, 0),
        .title = title ? title : TALK_TITLE,
        .venue = bus_row_text(rows, row, 2, ctx->arena),
        .at_us = bus_row_time(rows, row, 3),
        .duration_minutes = bus_row_int(rows, row, 4),
        .cancelled = bus_row_bool(rows, row, 5),
        .revision = bus_row_int(rows, row, 6),
        .changed_us = bus_row_time(rows, row, 7),
    };
}

static const char *etag_of(struct bus_context *ctx, const char *ics)
{
    uint8_t hash[ETAG_BYTES];
    char *text = bus_alloc(ctx->arena, 2 * ETAG_BYTES + 1);
    crypto_generichash(hash, sizeof hash, (const uint8_t *)ics, strlen(ics), NULL, 0);
    return sodium_bin2hex(text, 2 * ETAG_BYTES + 1, hash, sizeof hash);
}

enum bus_status on_scheduling_calendar(struct bus_context *ctx, const struct scheduling_calendar *in)
{
    struct bus_id person_id = {0};
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = person_of(ctx, in->token, &person_id);
    if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &scheduling_calendar_entries, BUS_ID(person_id),
                           BUS_TIME(ctx->now_us - PAST_US), BUS_INT(ENTRIES_MAX));
    if (status != BUS_OK)
        return status;
    struct calendar_entry *entries = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *entries);
    for (int i = 0; i < rows.n; i++)
        entries[i] = read_entry(ctx, &rows, i);
    const char *ics = calendar_write(ctx->arena, entries, (size_t)rows.n);
    return bus_reply(ctx, &(struct scheduling_calendar_reply){.ics = ics, .etag = etag_of(ctx, ics)});
}
