/* Which events are on their way, as a set of numbers that stand for their keys: what lets two requests with
 * the same event go one after the other. Pure. */
#ifndef GATEWAY_UNDERWAY_H
#define GATEWAY_UNDERWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct underway;

struct underway *underway_new(void);
void underway_free(struct underway **self_p);

/* For an event of that source with that id; never 0. Two events seldom share one, which only makes the second
 * wait. */
uint64_t underway_number(const struct underway *self, const char *source, const char *id);
/* All of the `n` different numbers, or false and none of them when one is on its way already. */
bool underway_enter(struct underway *self, const uint64_t *numbers, size_t n);
void underway_leave(struct underway *self, const uint64_t *numbers, size_t n);

#endif
