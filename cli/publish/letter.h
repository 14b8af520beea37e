/* An event on its way through the gateway's door for adapters, and what comes back. Pure. */
#ifndef CLI_PUBLISH_LETTER_H
#define CLI_PUBLISH_LETTER_H

#include "bus/client.h"

/* A CloudEvent in JSON as the array of one {header, data} that the door takes. */
BUS_CHECKED enum bus_status letter_pack(struct bus_bytes json, struct bus_buffer *out, struct bus_error *err);
/* The acknowledgement as a line of JSON, in the arena; or its refusal, with every fault. */
BUS_CHECKED enum bus_status letter_answer(const struct bus_frames *answer, struct bus_arena *arena,
                                          const char **ret_line, struct bus_error *err);

#endif
