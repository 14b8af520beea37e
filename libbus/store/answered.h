/* Which requests may have been answered before, without asking the database: a filter of the keys in
 * request_done. Only the stream's one writer adds rows there, so what the filter has not seen since it was
 * loaded is not there. Keys whose turn was rolled back, or that were forgotten since, stay in it: they cost a
 * look, no more. Private to this folder. */
#ifndef STORE_ANSWERED_H
#define STORE_ANSWERED_H

#include <stdbool.h>

struct answered;

struct answered *answered_new(void);
void answered_free(struct answered **self_p);
void answered_add(struct answered *self, const char *key);
/* False: certainly not. True: probably. */
bool answered_may_hold(const struct answered *self, const char *key);

#endif
