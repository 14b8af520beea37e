/* See streams.h. */
#include "streams.h"

const struct stream_name stream_names[STREAMS] = {
    {"gateway", "stream-gateway"},
    {"registry", "stream-registry"},
    {"matching", "stream-matching"},
    {"scheduling", "stream-scheduling"},
    {"notifications", "stream-notifications"},
    {"reporting", "stream-reporting"},
};
