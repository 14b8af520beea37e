/* UUIDv7 ids. All zeros means "no id"; such an id is never valid in a message. */
#ifndef BUS_ID_H
#define BUS_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUS_ID_TEXT 37 /* 36 characters and the NUL */

struct bus_id {
    uint8_t bytes[16];
};

/* A fresh id: time from `now_us` (microseconds since 1970), the rest random. */
struct bus_id bus_id_random(int64_t now_us);
/* The same inputs give the same id, so that a replay makes the ids of the first run: `seed` identifies
 * the cause (any bytes), `n` counts the ids made for it. */
struct bus_id bus_id_derived(int64_t now_us, const void *seed, size_t seed_size, uint32_t n);

bool bus_id_is_nil(struct bus_id id);
int bus_id_compare(struct bus_id a, struct bus_id b); /* as memcmp: by time of making first */
static inline bool bus_id_equal(struct bus_id a, struct bus_id b)
{
    return bus_id_compare(a, b) == 0;
}
/* Canonical lower-case text of 36 characters; only that form is accepted back. */
void bus_id_format(struct bus_id id, char text[BUS_ID_TEXT]);
bool bus_id_parse(const char *text, size_t size, struct bus_id *ret_id);

#endif
