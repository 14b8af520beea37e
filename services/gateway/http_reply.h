/* Between http.c, which owns calls, and http_reply.c, which makes their answers. */
#ifndef GATEWAY_HTTP_REPLY_H
#define GATEWAY_HTTP_REPLY_H

#include "http.h"

/* Takes the response over. */
void http_answer(struct call *call, struct MHD_Response *response, unsigned status, size_t bytes);
/* Goes on with a call that was suspended. */
void http_wake(struct call *call);

#endif
