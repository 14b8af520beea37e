/* When timers are taken, and those that were taken as due and that a message before them in the batch has
 * moved or cleared since. */
#include "app/timers.h"

#include <string.h>

#define STANDSTILL_US (3 * BUS_SECOND_US)

#define BITS (sizeof((struct loop *)0)->timers_put * 8)

static size_t bit_of(const char *name, const char *key)
{
    uint32_t mixed = 2166136261u;
    for (const char *at = name; *at != '\0'; at++)
        mixed = (mixed ^ (uint8_t)*at) * 16777619u;
    for (const char *at = key; *at != '\0'; at++)
        mixed = (mixed ^ (uint8_t)*at) * 16777619u;
    return mixed % BITS;
}

void timers_taken(struct loop *loop)
{
    memset(loop->timers_put, 0, sizeof loop->timers_put);
}

void timers_note(struct loop *loop, const char *name, const char *key)
{
    size_t bit = bit_of(name, key);
    loop->timers_put[bit / 8] |= (uint8_t)(1u << bit % 8);
}

enum bus_status timers_stands(struct loop *loop, const struct store_timer *timer, bool *ret_stands,
                              struct bus_error *err)
{
    size_t bit = bit_of(timer->name, timer->key);
    *ret_stands = true;
    if (!(loop->timers_put[bit / 8] >> bit % 8 & 1))
        return BUS_OK;
    int64_t due_us = 0;
    enum bus_status status = store_timer_get(loop->store, timer->name, timer->key, &due_us, err);
    if (status == BUS_OK)
        *ret_stands = due_us == timer->due_us;
    return status;
}

static bool is_behind(struct loop *loop, size_t i)
{
    struct source *source = &loop->sources[i];
    if (source->follow.state != FOLLOW_READING)
        return source->follow.state == FOLLOW_GREETING;
    if (source->first_head == 0)
        source->first_head = source->follow.head;
    return loop_read(loop, i) < source->first_head;
}

bool timers_held(struct loop *loop)
{
    if (loop->caught_up)
        return false;
    int64_t now = bus_clock_monotonic_us(), read = 0;
    bool behind = false;
    for (size_t i = 0; i < loop->sources_n; i++) {
        if (!is_behind(loop, i))
            continue; /* that it goes on says nothing of those who do not */
        behind = true;
        read += loop_read(loop, i);
    }
    if (read != loop->standing_at) {
        loop->standing_at = read;
        loop->standing_us = now;
    }
    bool caught_up = !behind || now - loop->standing_us >= STANDSTILL_US;
    if (loop->under_way == NULL) /* else it may not come to stand, and what it read is read again */
        loop->caught_up = caught_up;
    return !caught_up;
}
