/* The walk over untrusted bytes: one loop and two fixed stacks, of open containers and of their keys,
 * so that nothing a sender claims makes us recurse or reserve memory. */
#include "bus/scan.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "wire/head.h"
#include "wire/utf8.h"

#define DEPTH_MAX  32
#define SPARE_KEYS 16

const struct bus_scan_limits bus_scan_header = {
    .max_bytes = BUS_HEADER_BYTES, .max_depth = 8, .max_items = 4096};
const struct bus_scan_limits bus_scan_data = {.max_bytes = BUS_DATA_BYTES, .max_depth = 8, .max_items = 4096};
const struct bus_scan_limits bus_scan_command = {.max_bytes = 262144, .max_depth = 12, .max_items = 65536};
const struct bus_scan_limits bus_scan_batch = {.max_bytes = 4194304, .max_depth = 12, .max_items = 262144};
const struct bus_scan_limits bus_scan_events = {
    .max_bytes = 4194304, .max_depth = 24, .max_items = 4194304, .spare_keys = SPARE_KEYS};

struct open {
    uint32_t left;      /* keys and values still to come */
    uint32_t keys_from; /* where its keys begin in the stack of keys */
    bool map;
};

struct key {
    uint32_t mark; /* equal for equal keys; spares most comparisons */
    uint32_t size;
    const uint8_t *text;
};

struct scan {
    const struct bus_scan_limits *limits;
    const uint8_t *start, *at, *end;
    unsigned items, depth;
    uint32_t keys_n;
    struct open open[DEPTH_MAX];
    struct key keys[BUS_SCAN_KEYS + SPARE_KEYS];
    struct bus_error *err;
};

static enum bus_status refuse(struct scan *self, const char *why)
{
    return bus_fail(self->err, BUS_INVALID, "byte %td: %s", self->at - self->start, why);
}

static struct key key_of(struct wire_head head)
{
    uint64_t front = 0, back = 0;
    size_t part = head.n < 8 ? head.n : 8;
    memcpy(&front, head.body, part);
    memcpy(&back, head.body + head.n - part, part);
    uint64_t mixed = (front ^ (back << 1) ^ head.n) * UINT64_C(0x9e3779b97f4a7c15);
    return (struct key){.mark = (uint32_t)(mixed >> 32), .size = head.n, .text = head.body};
}

static enum bus_status add_key(struct scan *self, struct wire_head head)
{
    struct key key = key_of(head);
    for (uint32_t i = self->open[self->depth - 1].keys_from; i < self->keys_n; i++) {
        const struct key *other = &self->keys[i];
        if (other->mark == key.mark && other->size == key.size &&
            memcmp(other->text, key.text, key.size) == 0)
            return refuse(self, "a key stands twice in one map");
    }
    if (self->keys_n == BUS_SCAN_KEYS + self->limits->spare_keys)
        return refuse(self, "too many keys in the maps that are open");
    self->keys[self->keys_n++] = key;
    return BUS_OK;
}

static enum bus_status open_container(struct scan *self, struct wire_head head)
{
    bool map = head.kind == WIRE_MAP;
    if (self->depth >= self->limits->max_depth || self->depth >= DEPTH_MAX)
        return refuse(self, "nested too deeply");
    uint64_t values = map ? (uint64_t)head.n * 2 : head.n;
    if (values > (uint64_t)(self->end - head.body))
        return refuse(self, "claims more values than there are bytes left");
    if (values > self->limits->max_items - self->items)
        return refuse(self, "too many values");
    self->items += (unsigned)values;
    self->open[self->depth++] =
        (struct open){.left = (uint32_t)values, .keys_from = self->keys_n, .map = map};
    return BUS_OK;
}

static bool at_key(const struct scan *self)
{
    return self->depth > 0 && self->open[self->depth - 1].map && self->open[self->depth - 1].left % 2 == 0;
}

/* Takes one head, and the body when it is text. */
static enum bus_status step(struct scan *self)
{
    struct wire_head head = wire_head_read(self->at, self->end);
    enum bus_status status = BUS_OK;
    if (head.kind == WIRE_CUT)
        return refuse(self, "cut off");
    if (at_key(self) && head.kind != WIRE_TEXT)
        return refuse(self, "a map key is not text");
    switch (head.kind) {
    case WIRE_TEXT:
        if (head.n > (size_t)(self->end - head.body))
            return refuse(self, "a text is longer than the bytes left");
        if (!wire_utf8_check(head.body, head.n, NULL))
            return refuse(self, "a text is not UTF-8, or holds U+0000");
        if (at_key(self))
            status = add_key(self, head);
        head.body += head.n;
        break;
    case WIRE_NUMBER:
        if (!isfinite(head.number))
            return refuse(self, "a number is not finite");
        break;
    case WIRE_HUGE:
        return refuse(self, "an integer is above 9223372036854775807");
    case WIRE_BIN:
    case WIRE_EXT:
    case WIRE_UNUSED:
        return refuse(self, "only nil, booleans, numbers, text, arrays and maps are taken");
    default:
        break;
    }
    if (self->depth > 0)
        self->open[self->depth - 1].left--;
    if (head.kind == WIRE_ARRAY || head.kind == WIRE_MAP)
        status = open_container(self, head);
    if (status == BUS_OK)
        self->at = head.body;
    return status;
}

static void close_full(struct scan *self)
{
    while (self->depth > 0 && self->open[self->depth - 1].left == 0)
        self->keys_n = self->open[--self->depth].keys_from;
}

enum bus_status bus_scan(struct bus_bytes bytes, const struct bus_scan_limits *limits, struct bus_error *err)
{
    struct scan self; /* 16 KiB; what is read of the stacks was written before */
    self.limits = limits;
    self.start = self.at = bytes.data;
    self.end = bytes.size ? bytes.data + bytes.size : bytes.data;
    self.items = 1;
    self.depth = 0;
    self.keys_n = 0;
    self.err = err;
    if (bytes.size > limits->max_bytes)
        return bus_fail(err, BUS_INVALID, "%zu bytes are over the limit of %zu", bytes.size,
                        limits->max_bytes);
    do {
        enum bus_status status = step(&self);
        if (status != BUS_OK)
            return status;
        close_full(&self);
    } while (self.depth > 0);
    if (self.at != self.end)
        return refuse(&self, "more bytes follow the value");
    return BUS_OK;
}

enum bus_status bus_scan_map(struct bus_bytes bytes, const struct bus_scan_limits *limits,
                             struct bus_error *err)
{
    enum bus_status status = bus_scan(bytes, limits, err);
    if (status == BUS_OK && wire_head_read(bytes.data, bytes.data + bytes.size).kind != WIRE_MAP)
        return bus_fail(err, BUS_INVALID, "must be an object (in msgpack a map)");
    return status;
}
