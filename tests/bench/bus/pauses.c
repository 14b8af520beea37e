/* Witnesses when the machine itself was away: a thread on each core that preempts every contestant looks at
 * the clock twice a millisecond. Where it comes late by more than one, whatever runs on that core came late,
 * too, by what no contestant has to answer for. Prints by what right it runs, then the pauses, until it is
 * ended: between which two looks, in microseconds of the wall clock. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bus/clock.h"
#include "bus/status.h"

#define LOOK_US 500
#define LATE_US 1000

/* This thread's, and that of those it starts. */
static const char *rise_above_others(void)
{
    if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 50}) == 0)
        return "real time (SCHED_FIFO)";
    return setpriority(PRIO_PROCESS, 0, -20) == 0 ? "nice -20" : "no priority";
}

static void *look(void *core)
{
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET((size_t)(intptr_t)core, &here);
    if (pthread_setaffinity_np(pthread_self(), sizeof here, &here) != 0)
        return NULL; /* not ours */
    prctl(PR_SET_TIMERSLACK, 1UL);
    for (int64_t last_us = bus_clock_monotonic_us();;) {
        int64_t due_us = last_us + LOOK_US;
        const struct timespec due = {due_us / BUS_SECOND_US, due_us % BUS_SECOND_US * 1000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        int64_t now_us = bus_clock_monotonic_us(), wall_us = bus_clock_wall_us();
        if (now_us - due_us > LATE_US)
            printf("%lld %lld\n", (long long)(wall_us - (now_us - last_us)), (long long)wall_us);
        last_us = now_us;
    }
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%s\n", rise_above_others());
    long cores = sysconf(_SC_NPROCESSORS_CONF);
    for (intptr_t core = 0; core < cores; core++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, look, (void *)core) != 0)
            bus_die("no thread to look at core %ld", (long)core);
    }
    pause();
    return 0;
}
