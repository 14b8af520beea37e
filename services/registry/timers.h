/* What comes due in registry; by the key of what it is about. */
#ifndef REGISTRY_TIMERS_H
#define REGISTRY_TIMERS_H

#include "bus/service.h"

enum bus_status on_rest_over(struct bus_context *ctx, const char *key);
enum bus_status on_deposit_stale(struct bus_context *ctx, const char *key);
enum bus_status on_early_status_stale(struct bus_context *ctx, const char *key);
enum bus_status on_erase_again(struct bus_context *ctx, const char *key);

#endif
