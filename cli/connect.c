/* The client's endpoints are the stack's ports, or those of the environment. */
#include "connect.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "stack/supervisor.h"

enum bus_status connect_find(const char *dir, struct stack **ret_stack, struct bus_error *err)
{
    const char *peers = getenv(CONNECT_PEERS), *keys = getenv(CONNECT_KEYS);
    if (!peers || !peers[0] || strcmp(dir, CLI_DEFAULT_DIR) != 0)
        return stack_open(dir, ret_stack, err);
    if (!keys || !keys[0])
        return bus_fail(err, BUS_INVALID,
                        "set " CONNECT_KEYS " too: the folder that holds " STACK_OPERATOR ".key");
    struct stack *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory");
    self->arena = bus_arena_new();
    self->peers = bus_strdup(self->arena, peers);
    self->keys_dir = bus_strdup(self->arena, keys);
    *ret_stack = self;
    return BUS_OK;
}

static enum bus_status endpoints_of_ports(const struct stack *stack, struct bus_endpoint **ret, size_t *ret_n,
                                          struct bus_error *err)
{
    if (!supervisor_find(stack))
        return bus_fail(err, BUS_RETRY, "no stack is running in %s: start it with koppel up", stack->dir);
    struct bus_endpoint *endpoints = bus_alloc_array(stack->arena, STACK_SERVICES, sizeof(*endpoints));
    for (int i = 0; i < STACK_SERVICES; i++)
        endpoints[i] = (struct bus_endpoint){
            .service = stack_services[i],
            .events = bus_printf(stack->arena, "tcp://127.0.0.1:%d", stack_port_events(stack->port, i)),
            .requests = bus_printf(stack->arena, "tcp://127.0.0.1:%d", stack_port_requests(stack->port, i)),
        };
    *ret = endpoints;
    *ret_n = STACK_SERVICES;
    return BUS_OK;
}

enum bus_status connect_services(const struct stack *stack, struct bus_endpoint **ret, size_t *ret_n,
                                 struct bus_error *err)
{
    if (!stack->peers)
        return endpoints_of_ports(stack, ret, ret_n, err);
    enum bus_status status = bus_endpoints_parse(stack->peers, stack->arena, ret, ret_n, err);
    return status == BUS_OK ? BUS_OK : bus_fail_in(err, CONNECT_PEERS);
}

static struct bus_client_config config_of(const struct stack *stack, const struct bus_endpoint *services,
                                          size_t n)
{
    return (struct bus_client_config){.name = STACK_OPERATOR,
                                      .keys_dir =
                                          stack->keys_dir ? stack->keys_dir : stack_path(stack, "keys"),
                                      .services = services,
                                      .services_n = n};
}

enum bus_status connect_stack(const struct stack *stack, struct bus_client **ret_client,
                              struct bus_error *err)
{
    struct bus_endpoint *services = NULL;
    size_t n = 0;
    enum bus_status status = connect_services(stack, &services, &n, err);
    if (status != BUS_OK)
        return status;
    struct bus_client_config config = config_of(stack, services, n);
    return bus_client_open(&config, ret_client, err);
}

enum bus_status connect_door(const struct stack *stack, struct bus_client **ret_client, struct bus_error *err)
{
    const char *door = getenv(CONNECT_DOOR);
    if (!stack->peers && !supervisor_find(stack))
        return bus_fail(err, BUS_RETRY, "no stack is running in %s: start it with koppel up", stack->dir);
    if (!stack->peers)
        door = bus_printf(stack->arena, "tcp://127.0.0.1:%d", stack_port_adapters(stack->port));
    if (!door || !door[0])
        return bus_fail(err, BUS_INVALID,
                        "set " CONNECT_DOOR " too: where the gateway takes events, tcp://host:port");
    struct bus_endpoint *gateway = bus_alloc(stack->arena, sizeof(*gateway));
    *gateway = (struct bus_endpoint){.service = "gateway", .events = door, .requests = door};
    struct bus_client_config config = config_of(stack, gateway, 1);
    return bus_client_open(&config, ret_client, err);
}
