/* See logged.h. */
#include "logged.h"

#include <string.h>

/* How many of them are smaller. */
static size_t place_of(const struct logged *self, struct bus_id id)
{
    size_t low = 0, high = self->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (bus_id_compare(self->ids[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_full(const struct logged *self)
{
    return self->n == LOGGED_MAX;
}

void logged_add(struct logged *self, struct bus_id id)
{
    size_t at = place_of(self, id);
    if (at < self->n && bus_id_equal(self->ids[at], id))
        return;
    if (is_full(self)) {
        if (at == 0)
            return;
        memmove(self->ids, self->ids + 1, --at * sizeof *self->ids);
    } else {
        memmove(self->ids + at + 1, self->ids + at, (self->n++ - at) * sizeof *self->ids);
    }
    self->ids[at] = id;
}

bool logged_never(const struct logged *self, struct bus_id id)
{
    size_t at = place_of(self, id);
    return (at > 0 || !is_full(self)) && (at == self->n || !bus_id_equal(self->ids[at], id));
}
