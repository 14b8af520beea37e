/* See trace.h. */
#include "trace.h"

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
    if (ends_in != '\0' && at->data[n] != ends_in)
        return false;
    *at = bus_bytes(at->data + n + (ends_in != '\0'), at->size - n - (ends_in != '\0'));
    return may_be_nil || !nil;
}

/* Version ff is none; what a later version puts behind the flags has no meaning yet, and is not taken. */
bool trace_is(struct bus_bytes text)
{
    if (text.size >= VERSION && memcmp(text.data, "ff", VERSION) == 0)
        return false;
    return take(&text, VERSION, '-', true) && take(&text, TRACE, '-', false) &&
           take(&text, SPAN, '-', false) && take(&text, FLAGS, '\0', true) && text.size == 0;
}
