/* Requests under way: who waits for which answer, and until when. */
#ifndef GATEWAY_ASKING_H
#define GATEWAY_ASKING_H

#include "edge.h"

struct asking;

struct asking *asking_new(struct bus_client *client);
/* Forgets those who wait. */
void asking_free(struct asking **self_p);
void asking_ask(struct asking *self, const char *service, const struct bus_frames *request, answer_fn *then,
                void *context);
/* Hands out the answers that have come; false when there were none. */
bool asking_take(struct asking *self);
/* Gives up what waited too long. */
void asking_expire(struct asking *self);
size_t asking_under_way(const struct asking *self);

#endif
