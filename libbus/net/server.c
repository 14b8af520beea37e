/* An edge's door is a service's net without a stream of its own. */
#include "bus/server.h"

#include <stdlib.h>

#include "net/net_internal.h"

struct bus_server {
    struct net *net;
};

enum bus_status bus_server_open(const struct bus_server_config *config, struct bus_server **ret_server,
                                struct bus_error *err)
{
    struct net_config net_config = {
        .name = config->name, .bind_requests = config->bind, .keys_dir = config->keys_dir};
    struct net *net = NULL;
    enum bus_status status = net_open(&net_config, &net, err);
    if (status != BUS_OK)
        return status;
    struct bus_server *self = calloc(1, sizeof(*self));
    if (!self)
        bus_die("out of memory: no room for a door");
    self->net = net;
    *ret_server = self;
    return BUS_OK;
}

void bus_server_close(struct bus_server **self_p)
{
    if (!self_p || !*self_p)
        return;
    net_close(&(*self_p)->net);
    free(*self_p);
    *self_p = NULL;
}

const char *bus_server_endpoint(const struct bus_server *self)
{
    return net_requests_endpoint(self->net);
}

int bus_server_fd(const struct bus_server *self)
{
    return zsock_fd(self->net->requests);
}

bool bus_server_take(struct bus_server *self, struct bus_arena *arena, struct bus_server_request *ret)
{
    struct net_request request;
    net_allowed_refresh(self->net->allowed); /* nobody calls net_wait here, which does it and looks */
    self->net->requests_empty = false;
    if (!net_take_request(self->net, arena, &request))
        return false;
    for (size_t i = 0; i < request.body_n; i++)
        request.body[i] =
            bus_bytes(bus_copy(arena, request.body[i].data, request.body[i].size), request.body[i].size);
    *ret = (struct bus_server_request){.route = request.route,
                                       .peer = request.peer,
                                       .role = request.role,
                                       .grants = request.grants,
                                       .verb = request.verb,
                                       .body = {request.body[0], request.body[1]},
                                       .body_n = request.body_n};
    return true;
}

void bus_server_reply(struct bus_server *self, struct bus_bytes route, const char *verb,
                      struct bus_bytes body)
{
    net_reply(self->net, route, verb, &body, 1);
}
