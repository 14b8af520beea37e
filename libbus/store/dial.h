/* Opening a connection in a thread of its own: a name that nobody resolves, or a host that is silent, holds
 * up nobody else. Private to this folder. Owns the attempt until dial_take() gives its connection away. */
#ifndef STORE_DIAL_H
#define STORE_DIAL_H

#include <libpq-fe.h>

struct dial;

/* Begins an attempt, by the keywords and values of PQconnectdbParams(), `dbname` expanded; they are copied.
 */
struct dial *dial_new(const char *const *keywords, const char *const *values);
/* Its connection, which may have failed; NULL when it is not known within that time: ask again later. A
 * negative time waits until it is known. */
PGconn *dial_take(struct dial **self_p, int wait_ms);
/* Lets an attempt go: it ends by itself. */
void dial_free(struct dial **self_p);

#endif
