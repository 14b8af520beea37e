/* sim: runs worlds, seed after seed, until one breaks a promise.
 *   sim [--seeds N] [--from S] [--failures F]     N worlds from seed S on, until F of them have failed
 *   sim --seed S [--trace]                        one of them again, told step by step */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "places.h"
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

/* ---- what was done to the worlds */

static struct {
    uint64_t steps;
    uint64_t times[FAULTS_N], worlds[FAULTS_N];
} done;

static void note_done(void)
{
    done.steps += world.steps;
    for (size_t i = 0; i < FAULTS_N; i++) {
        done.times[i] += world.faults[i];
        done.worlds[i] += world.faults[i] > 0;
    }
}

static void tell_done(uint64_t seeds)
{
    static const char *const names[FAULTS_N] = {
        [FAULT_CRASH] = "killed at a step",
        [FAULT_PAUSE] = "stopped at a step, up to 9 s",
        [FAULT_FREEZE] = "frozen and cut off, up to 3 s",
        [FAULT_STOP] = "told to stop",
        [FAULT_SESSION] = "database session lost",
        [FAULT_COMMIT] = "COMMIT or its reply lost",
        [FAULT_HANG] = "COMMIT hangs, up to 10 s",
        [FAULT_SILENT] = "database silent, up to 10 s",
        [FAULT_REFUSAL] = "statement refused",
        [FAULT_OUTAGE] = "database away",
        [FAULT_LOSS] = "database crashed, turns lost",
        [FAULT_RESTORE] = "old backup restored",
        [FAULT_DROP] = "frame dropped",
        [FAULT_DUPLICATE] = "frame doubled",
        [FAULT_REORDER] = "frame late, out of order",
        [FAULT_TRUNCATE] = "frame cut off",
        [FAULT_CUT] = "connection cut",
        [FAULT_SILENCE] = "connection silenced",
        [FAULT_CLOCK] = "clock moved, up to 1 h",
        [FAULT_POISON] = "poison, handled or lifted later",
        [FAULT_TRIM] = "log trimmed",
        [FAULT_STANDBY] = "lease taken over by a standby",
    };
    printf("  %-32s %10s %9s %14s\n", "what was done to them", "times", "a world", "of the worlds");
    for (size_t i = 0; i < FAULTS_N; i++)
        printf("  %-32s %10llu %9.2f %12.1f %%\n", names[i], (unsigned long long)done.times[i],
               (double)done.times[i] / (double)seeds, 100.0 * (double)done.worlds[i] / (double)seeds);
    places_tell();
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

/* On a stack of its own: that of a process may be what it has run out of. */
static void fatal_signals_tell(void)
{
    static uint8_t stack[1 << 16];
    static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    (void)sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        (void)sigaction(fatal[i], &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_ONSTACK}, NULL);
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
    fatal_signals_tell();
    services_register();
    machine_open();
    memory_mark();
    double before = seconds();
    for (uint64_t seed = from; seed < from + seeds; seed++) {
        if (!world_run(seed, tracing)) {
            tell_failure();
            if (++failures == failures_max)
                return 1;
        }
        note_done();
    }
    double took = seconds() - before;
    printf("%llu worlds, %.0f steps each, %.1f s: %.0f a second; lost 0, twice 0, out of order 0, before its "
           "cause 0, stuck 0\n",
           (unsigned long long)seeds, (double)done.steps / (double)seeds, took, (double)seeds / took);
    tell_done(seeds);
    return failures > 0;
}
