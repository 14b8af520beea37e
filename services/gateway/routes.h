/* Every path there is: method and path → function. */
#ifndef GATEWAY_ROUTES_H
#define GATEWAY_ROUTES_H

#include "route.h"

extern const struct route_table routes;

route_fn board_get, openapi_get, import_template_get, own_token_get, own_referrals_get,
    own_early_statuses_get, events_post, events_get, command_post, query_ask, export_get, calendar_get,
    health_get, ready_get, metrics_get;

#endif
