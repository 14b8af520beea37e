/* What comes due in matching; by the key of what it is about. */
#ifndef MATCHING_TIMERS_H
#define MATCHING_TIMERS_H

#include "bus/service.h"

enum bus_status on_round(struct bus_context *ctx, const char *key);
enum bus_status on_expire(struct bus_context *ctx, const char *key);
enum bus_status on_rested(struct bus_context *ctx, const char *key);
enum bus_status on_silence(struct bus_context *ctx, const char *key);

#endif
