/* Rules of recurrence from anyone: refused in words, or days in order. The first byte chooses the zone and
 * the start; a zero byte parts the rule from a zone and a start of the input's own. */
#include <string.h>

#include "../../services/scheduling/recurrence.h"
#include "bus/arena.h"
#include "require.h"

#define MOST 64

static void check_days(const struct recurrence *rule, int32_t from, int32_t to)
{
    struct occurrence found[MOST];
    size_t n = recurrence_between(rule, from, to, found, MOST);
    require(n <= MOST);
    for (size_t i = 0; i < n; i++) {
        require(found[i].day >= from && found[i].day <= to);
        require(i == 0 || (found[i].day > found[i - 1].day && found[i].at_us > found[i - 1].at_us));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const zones[] = {"Europe/Brussels", "America/St_Johns", "Pacific/Apia", "UTC"};
    static const char *const starts[] = {"2024-02-29T02:30", "2024-12-31T23:59", "1970-01-01T00:00",
                                         "9999-12-31T10:00"};
    if (size == 0)
        return 0;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    const char *rrule = bus_strndup(arena, (const char *)data + 1, size - 1);
    const char *zone = zones[data[0] % 4], *start = starts[data[0] / 4 % 4];
    size_t used = strlen(rrule) + 2;
    if (used < size) {
        zone = bus_strndup(arena, (const char *)data + used, size - used);
        used += strlen(zone) + 1;
    }
    if (used < size)
        start = bus_strndup(arena, (const char *)data + used, size - used);
    struct recurrence rule;
    struct bus_error err = {0};
    struct occurrence first;
    enum bus_status status = recurrence_check(&rule, rrule, zone, start, &err);
    if (status != BUS_OK) {
        require(status == BUS_INVALID && strlen(err.text) > 0);
        return 0;
    }
    require(recurrence_next(&rule, rule.starts.day, &first) && first.day >= rule.starts.day);
    check_days(&rule, rule.starts.day, rule.starts.day + 400);
    check_days(&rule, rule.starts.day + 3000, rule.starts.day + 3400);
    return 0;
}
