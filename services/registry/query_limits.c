/* What a token may be limited to: names that are unknown are refused together with those there are. */
#include <stdio.h>
#include <string.h>

#include "bus/service.h"
#include "bus/text.h"
#include "schema/registry.h"
#include "sql/registry.h"

struct names {
    const char **ids;
    const char **shown; /* "13011 Herentals" */
    size_t n;
};

static struct names names_new(struct bus_arena *arena, size_t most)
{
    return (struct names){.ids = bus_alloc_array(arena, most, sizeof(char *)),
                          .shown = bus_alloc_array(arena, most, sizeof(char *))};
}

static void names_add(struct names *self, const char *id, const char *shown)
{
    self->ids[self->n] = id;
    self->shown[self->n++] = shown;
}

static const char *shown_of(const struct names *self, const char *id)
{
    for (size_t i = 0; i < self->n; i++)
        if (strcmp(self->ids[i], id) == 0)
            return self->shown[i];
    return NULL;
}

/* `what` says in words what is missing, with the unknown id in it. */
static enum bus_status judge(const struct names *known, const char *const *asked, size_t n, const char *what,
                             const char *list_name, struct bus_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (shown_of(known, asked[i]) != NULL)
            continue;
        char list[250], pointer[32];
        snprintf(pointer, sizeof pointer, "/%s/%zu", list_name, i);
        const char *near = bus_text_near(asked[i], known->ids, known->n);
        bus_text_list(list, sizeof list, known->shown, known->n);
        return bus_fail_at(err, BUS_INVALID, pointer, "%s %s%s%s%s; known are: %s", what, asked[i],
                           near != NULL ? ": did you mean " : "", near != NULL ? shown_of(known, near) : "",
                           near != NULL ? "?" : "", known->n > 0 ? list : "none");
    }
    return BUS_OK;
}

enum bus_status on_registry_check_limits(struct bus_context *ctx, const struct registry_check_limits *in)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_limits_known);
    if (status != BUS_OK)
        return status;
    struct names partnerships = names_new(ctx->arena, (size_t)rows.n);
    struct names municipalities = names_new(ctx->arena, (size_t)rows.n);
    for (int i = 0; i < rows.n; i++) {
        bool is_partnership = !bus_row_null(&rows, i, 0);
        names_add(is_partnership ? &partnerships : &municipalities,
                  bus_row_text(&rows, i, is_partnership ? 0 : 1, ctx->arena),
                  bus_row_text(&rows, i, 2, ctx->arena));
    }
    status = judge(&partnerships, in->partnerships, in->partnerships_n, "there is no partnership",
                   "partnerships", ctx->err);
    if (status == BUS_OK)
        status =
            judge(&municipalities, in->nis, in->nis_n, "no partnership serves municipality", "nis", ctx->err);
    if (status != BUS_OK)
        return status;
    return bus_reply(
        ctx, &(struct registry_check_limits_reply){.known = (int64_t)(in->partnerships_n + in->nis_n)});
}
