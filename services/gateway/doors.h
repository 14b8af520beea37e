/* Connections, and since when each owes us a request: a header that comes a letter at a time must not hold a
 * place for ever. */
#ifndef GATEWAY_DOORS_H
#define GATEWAY_DOORS_H

#include <microhttpd.h>
#include <stddef.h>

struct doors;

struct doors *doors_new(void);
void doors_free(struct doors **self_p);
/* For MHD_OPTION_NOTIFY_CONNECTION. */
void doors_notify(void *self, struct MHD_Connection *connection, void **slot,
                  enum MHD_ConnectionNotificationCode what);
void doors_busy(struct doors *self, struct MHD_Connection *connection); /* its request has begun */
void doors_idle(struct doors *self, struct MHD_Connection *connection); /* and is over */
void doors_tick(struct doors *self);                                    /* closes who waits too long */
size_t doors_count(const struct doors *self);

#endif
