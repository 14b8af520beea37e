/* What a reader of a log asks: which stream, after which position, how many at once, and whether to go on as
 * more is said. */
#ifndef GATEWAY_STREAM_QUERY_H
#define GATEWAY_STREAM_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "call.h"

#define STREAM_END (-1) /* after the last event of the log, whichever that is */

struct stream_query {
    const char *service; /* static */
    int64_t after;       /* 0 or more, or STREAM_END */
    int64_t epoch;       /* that one was written in; 0: it is not told */
    int64_t limit;
    bool live;
};

/* False: the call was refused, and has its answer. */
bool stream_query_read(struct call *call, struct stream_query *ret);

#endif
