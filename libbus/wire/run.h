/* A run: events of one stream with no gap between them, as msgpack pairs [header, data] one after the other.
 * It is written once, and stands like that in the log, in what services hear live and in the answer to a
 * FETCH. Its first sequence number goes with it, and the place of an event tells its own. */
#ifndef WIRE_RUN_H
#define WIRE_RUN_H

#include "bus/cursor.h"

struct wire_run {
    struct bus_cursor at;
    int64_t seq; /* of the event that was taken last */
    int64_t last;
};

/* One event more. */
void wire_run_pack(struct bus_buffer *out, struct bus_bytes header, struct bus_bytes data);

/* `events` may come from anyone: they are walked within their bytes, and nothing is allocated. Whether the
 * events themselves can be read is seen one by one, when they are handled. False when `from` to `to` are no
 * numbers of events; none is 0 to 0. */
bool wire_run_open(struct bus_bytes events, int64_t from, int64_t to, struct wire_run *ret);
/* The next event, borrowed; false at the end, or where the bytes are no pair of maps. */
bool wire_run_next(struct wire_run *self, struct bus_bytes *ret_header, struct bus_bytes *ret_data);
/* Passes over the events up to and including `seq`; false when it does not hold them. */
bool wire_run_skip(struct wire_run *self, int64_t seq);
/* Whether all of it was taken and nothing follows. */
bool wire_run_done(const struct wire_run *self);

/* The id of the event with this header, also of one that cannot be read otherwise: both who has it in his log
 * and who has read it call it by this, so that they know whether they mean the same history. */
const char *wire_run_event_id(struct bus_bytes header, const char *stream, int64_t seq,
                              struct bus_arena *arena);

#endif
