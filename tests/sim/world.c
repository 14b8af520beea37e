/* A world: processes that are started, killed, stopped and started again, by chance that follows from the
 * seed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "places.h"
#include "sim.h"
#include "sim_store.h"

#define STEPS_MAX 150000 /* a world that has not settled by then never will */
#define SETTLE_US (90 * BUS_SECOND_US)
#define START_US  (INT64_C(1700000000) * BUS_SECOND_US)
#define STOP_US   (8 * BUS_SECOND_US)
#define MILLION   1000000

struct world world;
struct process processes[PROCESSES_MAX];
size_t processes_n;

/* ---- chance */

/* xorshift*: fast, and good enough to be everywhere. */
static uint64_t draw(void)
{
    world.random ^= world.random >> 12;
    world.random ^= world.random << 25;
    world.random ^= world.random >> 27;
    return world.random * UINT64_C(2685821657736338717);
}

uint64_t below(uint64_t n)
{
    return (draw() >> 32) * n >> 32;
}

int64_t between(int64_t low, int64_t high)
{
    return low + (int64_t)below((uint64_t)(high - low + 1));
}

bool chance(enum fault fault)
{
    if (world.calm || world.rate[fault] == 0 || below(MILLION) >= world.rate[fault])
        return false;
    world.faults[fault]++;
    return true;
}

/* ---- what is told */

void trace_line(const char *fmt, ...)
{
    printf("%11.6f  ", (double)(world.now_us - START_US) / 1e6);
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
}

void broken(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(world.failure, sizeof world.failure, fmt, args);
    va_end(args);
    trace("BROKEN: %s", world.failure);
    fibers_stop();
}

/* ---- processes */

int64_t process_runnable_us(const struct process *self)
{
    return self->paused_until_us;
}

struct process *running;

void process_entered(struct process *self)
{
    running = self;
}

struct fiber *process_thread(fiber_fn *run, void *argument)
{
    struct fiber *fiber = fiber_start(running, run, argument, INT64_MAX);
    if (running->fibers_n == PROCESS_FIBERS)
        abort();
    return running->fibers[running->fibers_n++] = fiber;
}

static void process_main(void *argument);

static void start_later(struct process *self, int64_t delay_us)
{
    self->main = fiber_start(self, process_main, self, world.now_us + delay_us);
    self->fibers[0] = self->main;
    self->fibers_n = 1;
}

static void forget(struct process *self)
{
    sim_net_drop(self);
    sim_store_drop(self);
    self->loop = NULL;
    self->told_us = 0;
    self->job_done = false;
    start_later(self, between(100 * MS, world.calm ? 200 * MS : 1500 * MS));
}

/* The whole of bus_main() is the shipped one. */
static void process_main(void *argument)
{
    struct process *self = argument;
    char *argv[] = {self->name, NULL};
    trace("%-9s starts", self->name);
    int code = bus_main(1, argv, self->service);
    trace("%-9s ends with %d", self->name, code);
    forget(self);
}

void process_crash(struct process *self)
{
    struct fiber *dying = fiber_current();
    bool itself = false;
    trace("%-9s is killed", self->name);
    for (size_t i = 0; i < self->fibers_n; i++) {
        itself = itself || self->fibers[i] == dying;
        if (self->fibers[i] != dying)
            fiber_kill(self->fibers[i]);
    }
    self->paused_until_us = 0;
    forget(self);
    if (itself)
        fiber_kill(dying);
}

void step(const char *label)
{
    struct process *self = running;
    if (++world.steps > STEPS_MAX)
        broken("stuck: %d steps and no end; the last at %s of %s", STEPS_MAX, label,
               self ? self->name : "the world");
    if (self == NULL)
        return;
    trace("%-9s %s", self->name, label);
    struct place *place = place_of(label);
    place->passed++;
    if (chance(FAULT_CRASH)) {
        place->kills++;
        process_crash(self);
    }
    if (chance(FAULT_PAUSE)) {
        place->stops++;
        self->paused_until_us =
            world.now_us + (below(2) ? between(1, 300 * MS) : between(1, 9 * BUS_SECOND_US));
        trace("%-9s is stopped for %lld ms", self->name,
              (long long)(self->paused_until_us - world.now_us) / 1000);
    }
    fiber_sleep_until(world.now_us + between(0, world.slow_us));
}

/* ---- faults that come from outside, a few times a second */

static void disturb_process(struct process *self)
{
    if (chance(FAULT_STOP) && self->told_us == 0) {
        trace("%-9s is told to stop", self->name);
        self->told_us = world.now_us;
        fiber_wake(self->main, world.now_us);
    }
    if (self->told_us != 0 && world.now_us - self->told_us > STOP_US)
        process_crash(self); /* app/stop.c cuts it off */
    if (chance(FAULT_FREEZE)) {
        self->paused_until_us = world.now_us + between(1, 3 * BUS_SECOND_US);
        trace("%-9s is frozen, and its database sessions end", self->name);
        sim_store_cut_off(self);
    }
    if (chance(FAULT_CLOCK)) {
        self->skew_us = below(3) ? between(-BUS_HOUR_US, BUS_HOUR_US) : 0;
        trace("%-9s has its clock moved by %lld s", self->name, (long long)(self->skew_us / BUS_SECOND_US));
    }
}

static void disturb(void)
{
    for (size_t i = 0; i < processes_n; i++)
        disturb_process(&processes[i]);
    sim_net_disturb();
    sim_store_disturb();
}

static void go_on(struct process *self)
{
    self->paused_until_us = world.now_us;
    for (size_t i = 0; i < self->fibers_n; i++)
        fiber_wake(self->fibers[i], world.now_us);
}

static void calm_down(void)
{
    world.calm = true;
    world.calm_us = world.now_us;
    trace("          the faults are over");
    for (size_t i = 0; i < processes_n; i++) {
        if (processes[i].paused_until_us > world.now_us)
            go_on(&processes[i]);
        processes[i].skew_us = 0;
    }
    sim_store_calm();
}

static void fate(void *argument)
{
    (void)argument;
    int64_t until = world.now_us + world.storm_us;
    while (world.now_us < until) {
        fiber_sleep_until(world.now_us + between(1, 250 * MS));
        disturb();
    }
    calm_down();
    const char *why = "";
    until = world.now_us + SETTLE_US;
    while (!ledger_settled(&why)) {
        if (world.now_us > until)
            broken("stuck: %s", why);
        fiber_sleep_until(world.now_us + 50 * MS);
    }
    ledger_close();
    fibers_stop();
}

/* ---- a seed */

/* Most worlds are small; with more of them small, or smaller ones, what needs some history is found later:
 * README.md has the figures. */
static void choose_size(void)
{
    static const struct size {
        unsigned of_16;
        int64_t least_us, most_us;
        unsigned commands;
    } sizes[] = {{11, 50 * MS, 500 * MS, 4}, {4, 500 * MS, 3000 * MS, 10}, {1, 3000 * MS, 14000 * MS, 27}};
    uint64_t lot = below(16);
    const struct size *size = sizes;
    while (lot >= size->of_16)
        lot -= size++->of_16;
    world.storm_us = between(size->least_us, size->most_us);
    world.commands = 1 + (unsigned)below(size->commands);
    world.busy = below(4) == 0;
}

/* Each fault is away in about half of the worlds, and rare or frequent in the others. */
static void choose_faults(void)
{
    static const unsigned most[FAULTS_N] = {
        [FAULT_CRASH] = 20000,      [FAULT_PAUSE] = 10000,    [FAULT_STOP] = 50000,
        [FAULT_SESSION] = 20000,    [FAULT_COMMIT] = 200000,  [FAULT_REFUSAL] = 60000,
        [FAULT_OUTAGE] = 30000,     [FAULT_RESTORE] = 0,      [FAULT_DROP] = 300000,
        [FAULT_DUPLICATE] = 300000, [FAULT_REORDER] = 300000, [FAULT_TRUNCATE] = 100000,
        [FAULT_CUT] = 300000,       [FAULT_SILENCE] = 100000, [FAULT_CLOCK] = 100000,
        [FAULT_POISON] = 50000,     [FAULT_TRIM] = 1000000,   [FAULT_STANDBY] = 1000000,
        [FAULT_HANG] = 50000,       [FAULT_FREEZE] = 50000,   [FAULT_LOSS] = 1000000,
        [FAULT_SILENT] = 30000,
    };
    for (size_t i = 0; i < FAULTS_N; i++)
        world.rate[i] = below(2) ? 0 : (unsigned)(most[i] >> below(6));
    if (below(8) == 0)
        world.rate[FAULT_RESTORE] = 150000;
    world.slow_us = INT64_C(50) << below(8);
}

static void populate(void)
{
    bool standby = world.rate[FAULT_STANDBY] > 0;
    processes_n = 0;
    for (size_t i = 0; i < services_n; i++)
        for (int copy = 0; copy <= standby; copy++) {
            struct process *self = &processes[processes_n++];
            *self = (struct process){.service = services[i], .standby = standby};
            snprintf(self->name, sizeof self->name, standby ? "%s/%d" : "%s", services[i]->name, copy + 1);
            start_later(self, between(0, 20 * MS));
        }
}

bool world_run(uint64_t seed, bool tracing)
{
    memory_reset();
    fibers_reset();
    world = (struct world){.seed = seed,
                           .random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1,
                           .now_us = START_US,
                           .trace = tracing};
    for (int i = 0; i < 4; i++)
        (void)draw();
    choose_size();
    choose_faults();
    sim_net_reset();
    sim_store_reset();
    ledger_reset();
    populate();
    driver_start();
    (void)fiber_start(NULL, fate, NULL, world.now_us);
    fibers_run();
    return world.failure[0] == '\0';
}
