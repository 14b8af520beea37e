/* What each asker was told last, for some seconds: how far every service's stream stood in the answers they
 * got. What they ask next, of whatever service, is asked after that, so that whoever registers a person finds
 * them on the waiting list at once. Pure but for the clock. */
#ifndef GATEWAY_TOLD_H
#define GATEWAY_TOLD_H

#include "bus/header.h"

struct told;

struct told *told_new(void);
void told_free(struct told **self_p);
/* By which the others know an asker; never 0. */
uint64_t told_name(const struct told *self, const char *actor);
/* An answer came to them: the service's stream stood at `seq` at least. `service` is borrowed for good. */
void told_note(struct told *self, uint64_t name, const char *service, int64_t seq);
/* Fills header->after for a request of theirs. */
void told_put(const struct told *self, uint64_t name, struct bus_header *header);

#endif
