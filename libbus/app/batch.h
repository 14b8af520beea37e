/* Several events as one msgpack array of [header, data] pairs: the same in a BATCH and in what services hear
 * live. The events stand in the order of the stream, with no gap: their place tells their sequence number. */
#ifndef APP_BATCH_H
#define APP_BATCH_H

#include "bus/cursor.h"
#include "store/store.h"

/* After bus_pack_array(out, n), n times. */
void batch_pack(struct bus_buffer *out, const struct store_event *event);

struct batch {
    struct bus_cursor at;
    uint32_t left;
    int64_t seq; /* of the event that was taken last */
};

/* `array` may come from anyone: it is walked within its bytes, and nothing is allocated. Whether the events
 * themselves can be read is seen one by one, when they are handled. False when it is no array of as many
 * values as there are numbers from `from` to `to`; none is 0 to 0. */
bool batch_open(struct bus_bytes array, int64_t from, int64_t to, struct batch *ret_batch);
/* The next event, borrowed; false at the end, or where the bytes are no pair of maps. */
bool batch_next(struct batch *self, struct bus_bytes *ret_header, struct bus_bytes *ret_data);
/* Whether all of it was taken and nothing follows. */
bool batch_done(const struct batch *self);

#endif
