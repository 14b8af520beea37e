/* Parameters in, or on a POST the fields of a body; a query to its owner, the reply as JSON. */
#ifndef GATEWAY_QUERIES_H
#define GATEWAY_QUERIES_H

#include "call.h"

/* The route's query from what the call gives, as a checked struct that the token covers; NULL when the
 * call has been refused. */
void *query_read(struct call *call);
/* Asks it. */
void query_send(struct call *call, const void *value, answer_fn *then);

#endif
