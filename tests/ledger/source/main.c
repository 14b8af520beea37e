/* Says numbered events on command; the subject "killer" ends the process. The last number is kept in memory
 * and built anew from the table after a rollback: a turn that half happened would show as a gap or a
 * repetition in the numbers. */
#include <stdlib.h>
#include <string.h>

#include "../../support/filling.h"
#include "bus/service.h"
#include "schema/source.h"
#include "sql/source.h"

static enum bus_status open_last(struct bus_context *ctx, void **ret_state)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &source_emitted_last, BUS_NONE);
    if (status != BUS_OK)
        return status;
    int64_t *last = malloc(sizeof *last);
    if (last == NULL)
        return bus_fail(ctx->err, BUS_BUG, "out of memory");
    *last = bus_row_int(&rows, 0, 0);
    *ret_state = last;
    return BUS_OK;
}

static void close_last(void **state_p)
{
    free(*state_p);
    *state_p = NULL;
}

enum bus_status on_source_emit(struct bus_context *ctx, const struct source_emit *in)
{
    if (strcmp(in->subject, "killer") == 0)
        abort();
    int64_t *last = ctx->state;
    int64_t first = *last + 1;
    char *filling = NULL;
    if (in->has_bytes) {
        filling = bus_alloc(ctx->arena, (size_t)in->bytes + 1);
        filling[in->bytes] = 0;
    }
    enum bus_status status = bus_exec(ctx->db, ctx->err, &source_emitted_add, BUS_TEXT(ctx->header->id),
                                      BUS_INT(first), BUS_INT(in->n));
    for (int64_t i = 0; status == BUS_OK && i < in->n; i++) {
        struct source_counted counted = {
            .subject = in->subject, .number = ++*last, .mark = ctx->header->id, .filling = filling};
        if (filling != NULL)
            filling_write(filling, (size_t)in->bytes, (uint64_t)*last);
        status = bus_say(ctx, &source_counted_type, in->subject, &counted);
    }
    return status != BUS_OK ? status
                            : bus_reply(ctx, &(struct source_emit_reply){.first = first, .n = in->n});
}

int main(int argc, char **argv)
{
    static const struct bus_on commands[] = {BUS_ON(source_emit), {0}};
    static const struct bus_service source = {.name = "source",
                                              .title = "says numbered events",
                                              .commands = commands,
                                              .statements = source_sql,
                                              .migrations = source_migrations,
                                              .open = open_last,
                                              .close = close_last};
    return bus_main(argc, argv, &source);
}
