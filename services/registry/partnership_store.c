/* See partnership_store.h. */
#include "partnership_store.h"

#include "sql/registry.h"
#include "state.h"

enum bus_status partnership_look(struct bus_context *ctx, const char *partnership, const char *const *nis,
                                 size_t n, struct partnership_look *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_partnership_look,
                                       BUS_TEXT(partnership), BUS_TEXTS(nis, n));
    if (status != BUS_OK)
        return status;
    *ret = (struct partnership_look){
        .exists = bus_row_bool(&rows, 0, 0),
        .members = bus_row_int(&rows, 0, 1),
        .elsewhere = bus_row_text(&rows, 0, 3, ctx->arena),
        .already = bus_row_text(&rows, 0, 4, ctx->arena),
    };
    ret->unknown = bus_row_texts(&rows, 0, 2, ctx->arena, &ret->unknown_n);
    return BUS_OK;
}

enum bus_status atlas_load(struct bus_context *ctx, struct atlas *to)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_atlas_load, BUS_NONE);
    for (int i = 0; status == BUS_OK && i < rows.n; i++)
        atlas_put(to, (enum atlas_kind)bus_row_int(&rows, i, 0), bus_row_text(&rows, i, 1, ctx->arena),
                  &(struct atlas_entry){.of = bus_row_text(&rows, i, 2, ctx->arena),
                                        .lat_e4 = bus_row_int(&rows, i, 3),
                                        .lon_e4 = bus_row_int(&rows, i, 4)});
    to->grown = status != BUS_OK;
    return status;
}

enum bus_status partnership_put(struct bus_context *ctx, const struct registry_partnership_formed *row)
{
    struct registry_state *state = ctx->state;
    atlas_put(&state->atlas, ATLAS_PARTNERSHIP, row->partnership,
              &(struct atlas_entry){.of = row->partnership});
    return bus_exec(ctx->db, ctx->err, &registry_partnership_put, BUS_TEXT(row->partnership),
                    BUS_TEXT(row->name), BUS_TEXT(row->since), BUS_TEXT(row->lead_nis));
}

enum bus_status member_put(struct bus_context *ctx, const struct registry_member_joined *row)
{
    struct registry_state *state = ctx->state;
    atlas_put(&state->atlas, ATLAS_MEMBER, row->nis, &(struct atlas_entry){.of = row->partnership});
    return bus_exec(ctx->db, ctx->err, &registry_member_put, BUS_TEXT(row->partnership), BUS_TEXT(row->nis),
                    BUS_TEXT(row->since));
}

static void read_members(const struct bus_rows *rows, int row, struct bus_arena *arena,
                         struct registry_partnerships_reply_partnerships *to)
{
    size_t n;
    const char *const *nis = bus_row_texts(rows, row, 4, arena, &n);
    const char *const *names = bus_row_texts(rows, row, 5, arena, &n);
    const char *const *since = bus_row_texts(rows, row, 6, arena, &n);
    struct registry_partnerships_reply_partnerships_municipalities *members =
        bus_alloc_array(arena, n, sizeof *members);
    for (size_t i = 0; i < n; i++) {
        members[i].nis = nis[i];
        members[i].name = names[i][0] != '\0' ? names[i] : NULL;
        members[i].since = since[i];
    }
    to->municipalities = members;
    to->municipalities_n = n;
}

enum bus_status partnership_list(struct bus_context *ctx, const struct registry_partnerships *query,
                                 int64_t limit, const struct registry_partnerships_reply_partnerships **ret,
                                 size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_partnership_list,
                                       BUS_TEXT(query->partnership), BUS_TEXT(query->cursor), BUS_INT(limit));
    if (status != BUS_OK)
        return status;
    struct registry_partnerships_reply_partnerships *found =
        bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *found);
    for (int i = 0; i < rows.n; i++) {
        found[i].partnership = bus_row_text(&rows, i, 0, ctx->arena);
        found[i].name = bus_row_text(&rows, i, 1, ctx->arena);
        found[i].since = bus_row_text(&rows, i, 2, ctx->arena);
        found[i].lead_nis = bus_row_text(&rows, i, 3, ctx->arena);
        read_members(&rows, i, ctx->arena, &found[i]);
    }
    *ret = found;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}
