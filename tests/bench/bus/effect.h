/* The reader's effect, the same for all but Koppel, whose reader does it in its loop: a row for each event
 * and how far it has read, in one transaction. So an event that comes twice takes effect once. Owns its
 * connection; ends the process when anything fails. */
#ifndef BENCH_EFFECT_H
#define BENCH_EFFECT_H

#include <stdint.h>

#include "contestant.h"

struct effect;

struct effect *effect_open(const char *conninfo);
void effect_close(struct effect *self);
/* The number of the last event that took effect. */
int64_t effect_position(const struct effect *self);
/* Passes over what took effect before; dies when a number is missing or somebody else moved the position. */
void effect_commit(struct effect *self, const struct event *events, size_t n);

#endif
