/* See trace.h. */
#include "trace.h"

#include <stdbool.h>
#include <string.h>

#define VERSION 2
#define TRACE   32
#define SPAN    16
#define FLAGS   2

static bool take(struct bus_bytes *at, size_t n, char ends_in, bool may_be_nil)
{
    bool nil = true;
    if (at->size < n + (ends_in != '\0'))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (at->data[i] == '\0' || strchr("0123456789abcdef", at->data[i]) == NULL)
            return false;
        nil &= at->data[i] == '0';
    }
    if (ends_in != '\0' && at->data[n] != (unsigned char)ends_in)
        return false;
    *at = bus_bytes(at->data + n + (ends_in != '\0'), at->size - n - (ends_in != '\0'));
    return may_be_nil || !nil;
}

/* Version ff is none. What a later version puts behind the flags has no meaning here. */
const char *trace_read(struct bus_bytes text, struct bus_arena *arena)
{
    struct bus_bytes at = text;
    if (!take(&at, VERSION, '-', true) || !take(&at, TRACE, '-', false) || !take(&at, SPAN, '-', false) ||
        !take(&at, FLAGS, '\0', true) || memcmp(text.data, "ff", VERSION) == 0)
        return NULL;
    const bool later = memcmp(text.data, "00", VERSION) != 0;
    if (at.size > 0 && !(later && at.data[0] == '-'))
        return NULL;
    return bus_printf(arena, "00%.*s", (int)(text.size - at.size) - VERSION,
                      (const char *)text.data + VERSION);
}
