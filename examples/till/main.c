/* A shop's till, on libbus: a command becomes an event. */
#include "bus/service.h"
#include "schema/till.h"
#include "sql/till.h"

enum bus_status on_till_sell(struct bus_context *ctx, const struct till_sell *in)
{
    struct bus_id sale = bus_new_id(ctx);
    struct till_sold sold = {.sale_id = sale, .article = in->article, .pieces = in->pieces};
    enum bus_status status = bus_say(ctx, &till_sold_type, in->article, &sold);
    return status != BUS_OK ? status : bus_reply(ctx, &(struct till_sell_reply){.sale_id = sale});
}

int main(int argc, char **argv)
{
    static const struct bus_on commands[] = {BUS_ON(till_sell), {0}};
    static const struct bus_service till = {.name = "till",
                                            .title = "rings up sales",
                                            .commands = commands,
                                            .statements = till_sql,
                                            .migrations = till_migrations};
    return bus_main(argc, argv, &till);
}
