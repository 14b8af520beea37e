/* The guard in front of every reader: walks untrusted bytes without allocating, and refuses what claims more
 * than it holds (five bytes can claim 6 GiB) before anything is reserved by such a claim. */
#ifndef BUS_SCAN_H
#define BUS_SCAN_H

#include <stddef.h>

#include "bus/bytes.h"
#include "bus/status.h"

struct bus_scan_limits {
    size_t max_bytes;
    unsigned max_depth;  /* containers within containers; a flat map has depth 1 */
    unsigned max_items;  /* values and keys in all */
    unsigned spare_keys; /* beyond BUS_SCAN_KEYS, at most 16: for a wrapping around what has passed a scan */
};

#define BUS_HEADER_BYTES 4096
#define BUS_DATA_BYTES   65536
extern const struct bus_scan_limits bus_scan_header; /* 4 KiB, depth 8, 4096 items */
extern const struct bus_scan_limits bus_scan_data;   /* 64 KiB, depth 8, 4096 items */
extern const struct bus_scan_limits
    bus_scan_command; /* 256 KiB, depth 12, 65,536 items: may carry a batch of events */
extern const struct bus_scan_limits
    bus_scan_batch; /* 4 MiB, depth 12, 262,144 items: replies between peers */
/* A batch of events that were said: whatever passed one by one passes in a batch. For cursors, which allocate
 * nothing. */
extern const struct bus_scan_limits bus_scan_events;

/* The keys that the maps open at one place may have in all: what a fixed table can compare. */
#define BUS_SCAN_KEYS 1024

/* BUS_OK when `bytes` is one whole msgpack value within the limits: claimed counts fit the bytes that
 * remain, map keys are strings and unique, text is UTF-8 without U+0000, integers are within int64, numbers
 * are finite, there is no bin and no ext, nothing trails. BUS_INVALID with the offset and the reason
 * otherwise. */
BUS_CHECKED enum bus_status bus_scan(struct bus_bytes bytes, const struct bus_scan_limits *limits,
                                     struct bus_error *err);
/* The same, and the value is a map: what a header and a data frame must be. */
BUS_CHECKED enum bus_status bus_scan_map(struct bus_bytes bytes, const struct bus_scan_limits *limits,
                                         struct bus_error *err);

#endif
