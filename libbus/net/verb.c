/* Verbs come from anyone: their form is checked before they become text. */
#include "net/verb.h"

#define VERB_MAX 16

const char *net_verb_read(struct bus_bytes frame, struct bus_arena *arena)
{
    if (frame.size == 0 || frame.size > VERB_MAX)
        return NULL;
    for (size_t i = 0; i < frame.size; i++)
        if ((frame.data[i] < 'A' || frame.data[i] > 'Z') && (i == 0 || frame.data[i] != '-'))
            return NULL;
    return bus_strndup(arena, (const char *)frame.data, frame.size);
}
