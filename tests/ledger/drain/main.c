/* The least a reader can do: a row for each event. For measuring. */
#include "bus/service.h"
#include "schema/source.h"
#include "sql/drain.h"

enum bus_status on_source_counted(struct bus_context *ctx, const struct source_counted *in)
{
    return bus_exec(ctx->db, ctx->err, &drain_drained_add, BUS_INT(ctx->header->seq), BUS_INT(in->number),
                    BUS_INT(ctx->header->time_us));
}

int main(int argc, char **argv)
{
    static const char *const follows[] = {"source", NULL};
    static const struct bus_on events[] = {BUS_ON(source_counted), {0}};
    static const struct bus_service drain = {.name = "drain",
                                             .may_come_again = true,
                                             .title = "keeps a row for each number",
                                             .follows = follows,
                                             .events = events,
                                             .statements = drain_sql,
                                             .migrations = drain_migrations};
    return bus_main(argc, argv, &drain);
}
