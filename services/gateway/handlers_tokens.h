/* What the gateway does at the start: it makes sure of the development token, if one is set. */
#ifndef GATEWAY_HANDLERS_TOKENS_H
#define GATEWAY_HANDLERS_TOKENS_H

#include "bus/service.h"

enum bus_status gateway_open(struct bus_context *ctx, void **ret_state);

#endif
