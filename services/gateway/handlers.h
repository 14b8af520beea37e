/* What the gateway does with the messages of its table; see main.c. */
#ifndef GATEWAY_HANDLERS_H
#define GATEWAY_HANDLERS_H

#include "bus/service.h"
#include "schema/gateway.h"

gateway_accept_events_fn accept_events;
gateway_check_events_fn check_events;
gateway_create_token_fn create_token;
gateway_revoke_token_fn revoke_token;
gateway_tokens_fn tokens;
gateway_check_token_fn check_token;

/* At the start: makes sure of the development token, if one is set. */
enum bus_status gateway_open(struct bus_context *ctx, void **ret_state);

#endif
