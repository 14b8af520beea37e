/* The client's endpoints are the stack's ports. */
#include "connect.h"

#include "stack/supervisor.h"

enum bus_status connect_stack(const struct stack *stack, struct bus_client **ret_client, struct bus_error *err)
{
    if (!supervisor_find(stack))
        return bus_fail(err, BUS_RETRY, "no stack is running in %s: start it with koppel up", stack->dir);
    struct bus_endpoint endpoints[STACK_SERVICES];
    for (int i = 0; i < STACK_SERVICES; i++)
        endpoints[i] = (struct bus_endpoint){
            .service = stack_services[i],
            .events = bus_printf(stack->arena, "tcp://127.0.0.1:%d", stack_port_events(stack->port, i)),
            .requests = bus_printf(stack->arena, "tcp://127.0.0.1:%d", stack_port_requests(stack->port, i)),
        };
    struct bus_client_config config = {
        .name = STACK_OPERATOR,
        .keys_dir = stack_path(stack, "keys"),
        .services = endpoints,
        .services_n = STACK_SERVICES,
    };
    return bus_client_open(&config, ret_client, err);
}
