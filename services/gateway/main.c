/* The gateway: events and commands from outside, made durable and acknowledged. */
#include "bus/service.h"
#include "edge.h"
#include "handlers_tokens.h"
#include "schema/gateway.h"
#include "sql/gateway.h"

int main(int argc, char **argv)
{
    static const struct bus_on commands[] = {
        BUS_ON(gateway_accept_events, .unrecorded = true),
        BUS_ON(gateway_create_token, .secrets = {"token"}),
        BUS_ON(gateway_revoke_token),
        {0},
    };
    static const struct bus_on queries[] = {
        BUS_ON(gateway_tokens), BUS_ON(gateway_check_token), BUS_ON(gateway_check_events), {0}};
    static const struct bus_setting settings[] = {
        {"DEV_TOKEN",
         "a token that may do everything; another value ends the one before, none ends it. Usually "
         "DEV_TOKEN_FILE",
         ""},
        {"HTTP_LISTEN", "address of the HTTP interface", "127.0.0.1:8080"},
        {"ADAPTER_BIND", "endpoint of the ZeroMQ interface for adapters", "tcp://127.0.0.1:8081"},
        {NULL, NULL, NULL},
    };
    static const struct bus_service gateway = {
        .name = "gateway",
        .title = "takes in events and commands from outside, makes them durable, acknowledges",
        .commands = commands,
        .queries = queries,
        .settings = settings,
        .statements = gateway_sql,
        .migrations = gateway_migrations,
        .open = gateway_open,
        .start = edge_start,
        .stop = edge_stop,
    };
    return bus_main(argc, argv, &gateway);
}
