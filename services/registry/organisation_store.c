/* See organisation_store.h. */
#include "organisation_store.h"

#include "sql/registry.h"

enum bus_status organisation_look(struct bus_context *ctx, const struct registry_register_organisation *new,
                                  struct organisation_look *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_organisation_look, BUS_ID(new->organisation_id),
                  BUS_TEXT(new->partnership), BUS_TEXT(new->kbo), BUS_TEXT(new->postcode));
    if (status != BUS_OK)
        return status;
    *ret = (struct organisation_look){
        .partnership_exists = bus_row_bool(&rows, 0, 0),
        .id_taken = bus_row_bool(&rows, 0, 1),
        .kbo_taken = bus_row_bool(&rows, 0, 2),
        .nis = bus_row_text(&rows, 0, 3, ctx->arena),
    };
    return BUS_OK;
}

enum bus_status organisation_put(struct bus_context *ctx, struct bus_id id,
                                 const struct registry_register_organisation *new, const char *nis)
{
    return bus_exec(ctx->db, ctx->err, &registry_organisation_put, BUS_ID(id), BUS_TEXT(new->partnership),
                    BUS_TEXT(new->name), BUS_TEXT(bus_word(registry_organisation_kind_words, new->kind)),
                    BUS_TEXT(new->kbo), BUS_TEXT(new->postcode), BUS_TEXT(nis));
}

enum bus_status organisation_list(struct bus_context *ctx, const struct registry_organisations *query,
                                  struct bus_id after, int64_t limit,
                                  const struct registry_organisations_reply_organisations **ret,
                                  size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char *kind = bus_word_or_null(registry_organisation_kind_words, (int)query->kind);
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_organisation_list, BUS_TEXT(query->partnership),
                  BUS_TEXT(kind), BUS_ID(after), BUS_INT(limit));
    if (status != BUS_OK)
        return status;
    struct registry_organisations_reply_organisations *found =
        bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *found);
    for (int i = 0; i < rows.n; i++) {
        found[i].organisation_id = bus_row_id(&rows, i, 0);
        found[i].partnership = bus_row_text(&rows, i, 1, ctx->arena);
        found[i].name = bus_row_text(&rows, i, 2, ctx->arena);
        found[i].kind = bus_row_word(&rows, i, 3, registry_organisation_kind_words);
        found[i].kbo = bus_row_text(&rows, i, 4, ctx->arena);
        found[i].postcode = bus_row_text(&rows, i, 5, ctx->arena);
        found[i].nis = bus_row_text(&rows, i, 6, ctx->arena);
    }
    *ret = found;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}
