/* Bearer tokens at the door: whose is it, and what may it? Known answers are kept for some seconds. */
#ifndef GATEWAY_AUTH_H
#define GATEWAY_AUTH_H

#include "call.h"

struct auth *auth_new(void);
void auth_free(struct auth **self_p);
/* Sets call->who and goes on with `then`; 401 otherwise. */
void auth_admit(struct call *call, route_fn *then);
/* For a call that goes on for long: does its token still count? When nobody can tell it does. `then` is not
 * called when the call is over before. */
void auth_again(struct call *call, void (*then)(struct call *call, bool counts));
/* The token must have that scope: 403 and false when it has not. */
bool auth_scope(struct call *call, const char *name, const char *type);
/* After a revocation: nothing that was known counts. */
void auth_forget(struct auth *self);

#endif
