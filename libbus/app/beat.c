/* The half of a beat that needs no database: how far the stream goes, to who follows it, and what an operator
 * should know, to the log. */
#include <stdio.h>
#include <string.h>

#include "app/health.h"
#include "app/loop.h"
#include "app/publish.h"
#include "app/rest.h"

/* Who comes with a key that is not allowed goes on trying: a line a minute is enough. */
static void tell_refused_keys(struct loop *loop, int64_t now_us)
{
    char key[41];
    size_t n = net_refused_keys(key);
    if (n == loop->refused_keys ||
        (loop->refused_told_us > 0 && now_us - loop->refused_told_us < BUS_MINUTE_US))
        return;
    bus_log_warn(
        "refused %zu connections, the last by the key \"%.8s…\": is the file of that key in allowed/, "
        "and does it grant what was asked (reads=…)?",
        n - loop->refused_keys, key);
    loop->refused_keys = n;
    loop->refused_told_us = now_us;
}

/* It was set back, or another machine's, whose work this one goes on with, is ahead. */
static void tell_clock_back(struct loop *loop, int64_t now_us)
{
    int64_t back_us = loop_clock_back_us(loop);
    if (back_us < BUS_SECOND_US || (loop->clock_told_us > 0 && now_us - loop->clock_told_us < BUS_MINUTE_US))
        return;
    bus_log_warn(
        "BUS-CLOCK-BACK: the clock stands %lld s before what was handled last: time stands still until then",
        (long long)(back_us / BUS_SECOND_US));
    loop->clock_told_us = now_us;
}

/* Once for each thing that is found wrong. */
static void tell_key_fault(struct loop *loop)
{
    const char *fault = net_key_fault(loop->net);
    if (fault == NULL)
        fault = "";
    if (strncmp(loop->key_fault, fault, sizeof loop->key_fault - 1) == 0)
        return;
    snprintf(loop->key_fault, sizeof loop->key_fault, "%s", fault);
    if (*fault != '\0')
        bus_log_error("%s; until then whoever has this key is refused", fault);
}

bool loop_beat_aloud(struct loop *loop)
{
    int64_t now = bus_clock_monotonic_us();
    bool subscribed = net_subscribed(loop->net);
    bool due = now - loop->last_beat_us >= BEAT_US;
    if ((due || subscribed) && !away_may_be_replaced(loop))
        publish_head(loop);
    if (!due)
        return false;
    loop->last_beat_us = now;
    health_turn(loop->health); /* connections that have said nothing for too long */
    tell_refused_keys(loop, now);
    tell_clock_back(loop, now);
    tell_key_fault(loop);
    rest_beat(loop, now);
    return true;
}
