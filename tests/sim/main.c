/* sim: runs worlds, seed after seed, until one breaks a promise.
 *   sim [--seeds N] [--from S] [--failures F]     N worlds from seed S on, until F of them have failed
 *   sim --seed S [--trace]                        one of them again, told step by step */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void tell_failure(void)
{
    printf("seed %llu: %s\n  replay it with: build/bin/sim --seed %llu --trace\n",
           (unsigned long long)world.seed, world.failure, (unsigned long long)world.seed);
}

/* A process that dies of a signal takes the whole simulation along: say where. */
static void on_signal(int number)
{
    char line[100];
    int n = snprintf(line, sizeof line, "seed %llu: ended by signal %d\n", (unsigned long long)world.seed,
                     number);
    (void)!write(STDOUT_FILENO, line, (size_t)n);
    _exit(1);
}

int main(int argc, char **argv)
{
    static char output[1 << 16];
    uint64_t seeds = 1000, from = 1, failures = 0, failures_max = 1;
    bool tracing = false;
    setvbuf(stdout, output, _IOLBF, sizeof output);
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--seeds") == 0 && more) {
            seeds = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--from") == 0 && more) {
            from = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--seed") == 0 && more) {
            from = strtoull(argv[++i], NULL, 10);
            seeds = 1;
        } else if (strcmp(argv[i], "--failures") == 0 && more) {
            failures_max = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--trace") == 0) {
            tracing = true;
        } else {
            fprintf(stderr, "usage: sim [--seeds N] [--from S] [--failures F] | --seed S [--trace]\n");
            return 2;
        }
    }
    const struct sigaction fatal = {.sa_handler = on_signal};
    (void)sigaction(SIGABRT, &fatal, NULL);
    (void)sigaction(SIGSEGV, &fatal, NULL);
    services_register();
    machine_open();
    memory_mark();
    uint64_t steps = 0, faults[FAULTS_N] = {0};
    double before = seconds();
    for (uint64_t seed = from; seed < from + seeds; seed++) {
        if (!world_run(seed, tracing)) {
            tell_failure();
            if (++failures == failures_max)
                return 1;
        }
        steps += world.steps;
        for (size_t i = 0; i < FAULTS_N; i++)
            faults[i] += world.faults[i];
    }
    double took = seconds() - before;
    static const char *const names[FAULTS_N] = {
        "kills",       "stops",   "ends",  "lost sessions", "lost replies", "refusals", "outages",
        "restores",    "drops",   "twins", "reorders",      "truncations",  "cuts",     "silences",
        "clock jumps", "poisons", "trims", ""};
    printf("%llu worlds, %.0f steps each, %.1f s: %.0f a second; lost 0, twice 0, out of order 0, before its "
           "cause 0, stuck 0\n",
           (unsigned long long)seeds, (double)steps / (double)seeds, took, (double)seeds / took);
    for (size_t i = 0; i < FAULT_STANDBY; i++)
        printf("%s%llu %s", i ? ", " : "  ", (unsigned long long)faults[i], names[i]);
    putchar('\n');
    return failures > 0;
}
