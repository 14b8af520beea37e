/* The reader's effect, the same for all but Koppel, whose reader does it in its loop: a row for each event
 * and how far it has read, in one transaction. So an event that comes twice takes effect once. Owns its
 * connection; ends the process when anything fails. */
#ifndef BENCH_EFFECT_H
#define BENCH_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "contestant.h"

struct effect;

/* `flushed`: every commit is waited for on the disk. Else a crash of Postgres takes back the last ones,
 * positions included, and their events are read again; a turn of Koppel's that says nothing is committed so,
 * too. */
struct effect *effect_open(const char *conninfo, bool flushed);
void effect_close(struct effect *self);
/* The number of the last event that took effect. */
int64_t effect_position(const struct effect *self);
/* Passes over what took effect before; dies when a number is missing or somebody else moved the position. */
void effect_commit(struct effect *self, const struct event *events, size_t n);

#endif
