/* See failpoint.h. Threads pass too: the count is atomic. */
#include "base/failpoint.h"

#ifdef BUS_FAILPOINTS
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

static struct {
    char place[32];
    long nth;
    int signal;
    atomic_long passed;
} plan;

static void read_plan(void)
{
    const char *text = getenv("BUS_FAILPOINT");
    char how[8];
    if (text == NULL || *text == '\0')
        return;
    if (sscanf(text, "%31[^:]:%ld:%7s", plan.place, &plan.nth, how) != 3 || plan.nth < 1)
        bus_die("BUS_FAILPOINT must be PLACE:N:KILL or PLACE:N:STOP, not %s", text);
    plan.signal = strcmp(how, "STOP") == 0 ? SIGSTOP : SIGKILL;
}

void bus_failpoint(const char *place)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_plan);
    if (plan.signal == 0 || (plan.place[0] != '*' && strcmp(plan.place, place) != 0))
        return;
    if (atomic_fetch_add(&plan.passed, 1) + 1 != plan.nth)
        return;
    fprintf(stderr, "failpoint %s: %s\n", place, plan.signal == SIGSTOP ? "stopped" : "killed");
    raise(plan.signal);
}
#endif
