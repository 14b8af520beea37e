/* What the relay's timers and effects have come to: each to one event, the last word on it. */
#include <stdlib.h>

#include "facts.h"

/* Where the relay's log has it; the log's length: nowhere. */
static size_t place_of(enum fact_kind kind, int64_t number)
{
    const struct rows *log = rows_of("relay", TABLE_LOG);
    size_t i = 0;
    while (i < log->n && (fact_of(log->at[i])->kind != kind || fact_of(log->at[i])->number != number))
        i++;
    return i;
}

/* The next number clears this timer, unless it was handled before the timer was set: then it does not come
 * due behind it. */
static bool is_cleared(const struct fact *echo)
{
    size_t log_n = rows_of("relay", TABLE_LOG)->n, clears = place_of(FACT_ECHOED, echo->number + 1);
    if (echo->number % CLEAR_EVERY != 0 || clears == log_n || clears < place_of(FACT_ECHOED, echo->number))
        return false;
    size_t ticked = place_of(FACT_TICKED, echo->number);
    if (ticked < log_n && ticked > clears)
        broken("cleared: relay ticked for number %lld behind the one that cleared it",
               (long long)echo->number);
    return true;
}

static size_t count(enum fact_kind kind, int64_t number)
{
    const struct rows *log = rows_of("relay", TABLE_LOG), *timers = rows_of("relay", TABLE_TIMER);
    size_t n = 0;
    for (size_t i = 0; i < log->n; i++)
        n += fact_of(log->at[i])->kind == kind && fact_of(log->at[i])->number == number;
    for (size_t i = 0; i < timers->n && kind == FACT_TICKED; i++)
        n += atoll(cell_text(timers->at[i], 1)) == number;
    return n;
}

/* Timers came to exactly one event each, or are still to come due. */
static void check_ticks(void)
{
    const struct rows *log = rows_of("relay", TABLE_LOG);
    for (size_t i = 0; i < log->n; i++) {
        const struct fact *echo = fact_of(log->at[i]);
        if (echo->kind != FACT_ECHOED || echo->number % TIMER_EVERY != 0)
            continue;
        bool cleared = is_cleared(echo);
        size_t n = count(FACT_TICKED, echo->number);
        if (n != 1 && !(n == 0 && cleared))
            broken("%s: relay ticked %zu times for number %lld", n == 0 ? "lost" : "duplicate", n,
                   (long long)echo->number);
    }
}

/* An effect is asked for by its number, and by the ring of the one before (`again`). Whichever asks last has
 * its outcome, once; of the other it comes before that, or not at all. */
static void check_ring(const struct rows *log, size_t asked_at, int64_t number, bool again)
{
    size_t other_at = again ? place_of(FACT_ECHOED, number) : place_of(FACT_RANG, number - EFFECT_EVERY);
    bool last =
        other_at == log->n || other_at < asked_at || (!again && (number - EFFECT_EVERY) % AGAIN_EVERY != 0);
    size_t n = 0;
    for (size_t i = 0; i < log->n; i++) {
        const struct fact *rang = fact_of(log->at[i]);
        if (rang->kind != FACT_RANG || rang->number != number || rang->again != again)
            continue;
        n++;
        if (i < asked_at || (!last && i > other_at))
            broken("outdated: relay rang for number %lld%s at %lld, and it was asked for anew",
                   (long long)number, again ? " again" : "", (long long)rang->seq);
    }
    if (n > 1 || (last && n == 0))
        broken("%s: relay rang %zu times for number %lld%s", n == 0 ? "lost" : "duplicate", n,
               (long long)number, again ? " again" : "");
}

static void check_rings(void)
{
    const struct rows *log = rows_of("relay", TABLE_LOG);
    for (size_t i = 0; i < log->n; i++) {
        const struct fact *fact = fact_of(log->at[i]);
        if (fact->kind == FACT_ECHOED && fact->number % EFFECT_EVERY == 0)
            check_ring(log, i, fact->number, false);
        if (fact->kind == FACT_RANG && fact->number % AGAIN_EVERY == 0)
            check_ring(log, i, fact->number + EFFECT_EVERY, true);
    }
}

void once_close(void)
{
    check_ticks();
    if (!restored("relay"))
        check_rings();
}
