/* Commits outside and inside of turns: none is left half known. */
#include <string.h>

#include "app/halt.h"
#include "app/loop.h"

#define NAP_FIRST_MS 20
#define NAP_LAST_MS  500

/* Time does not go back over a restart either: the next start begins here at the earliest. Under a conductor
 * it is the conductor who knows. */
static void note_time(struct loop *loop)
{
    loop->clock.now_us = loop_now(loop);
    if (loop->clock.mode != STORE_CLOCK_CONDUCTED)
        store_clock_set(loop->store, &loop->clock);
}

enum bus_status loop_commit_send(struct loop *loop, struct bus_error *err)
{
    note_time(loop);
    loop->sent_us = bus_clock_monotonic_us();
    return store_commit_send(loop->store, err);
}

enum bus_status loop_commit(struct loop *loop, struct bus_error *err)
{
    enum bus_status status = loop_commit_send(loop, err);
    return status == BUS_OK ? loop_commit_wait(loop, err) : status;
}

enum bus_status loop_commit_wait(struct loop *loop, struct bus_error *err)
{
    enum bus_status status = store_commit_wait(loop->store, err);
    for (int nap_ms = NAP_FIRST_MS; status == BUS_RETRY && strcmp(err->code, "BUS-UNKNOWN") == 0;
         nap_ms = nap_ms * 2 < NAP_LAST_MS ? nap_ms * 2 : NAP_LAST_MS) {
        bool committed = false;
        if (stop_told(loop->stop)) { /* the next start will know */
            loop->stopping = true;
            break;
        }
        away_unknown(loop, err);
        halt_nap(loop, nap_ms);
        struct bus_error again = {0};
        enum bus_status resolved = store_resolve(loop->store, &committed, &again);
        if (resolved == BUS_OK) {
            status =
                committed ? BUS_OK : bus_fail(err, BUS_RETRY, "the commit was lost; it will be done again");
        } else if (resolved != BUS_RETRY) {
            *err = again;
            status = resolved;
        }
    }
    away_known(loop);
    if (status == BUS_OK)
        away_leased(loop, loop->sent_us);
    loop->metrics.commit_us += (uint64_t)(bus_clock_monotonic_us() - loop->sent_us);
    return status;
}
