/* See play.h. */
#include "replay/play.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "bus/clock.h"
#include "connect.h"
#include "log/input.h"
#include "log/logfile.h"
#include "replay/progress.h"
#include "schema/all.h"

struct player {
    struct logfile *log;
    struct conductor *conductor;
    struct bus_arena *arena;
    struct logfile_record next; /* to be played */
    int64_t next_us;            /* its moment */
    bool has_next;
    int64_t tick_us;
    double speed;
    int64_t until_us;
    int64_t began_us;
    struct play_report *report;
};

/* Passes over what services said themselves; what nobody knows is for the conductor to refuse. */
static bool is_played(const struct bus_header *header)
{
    return input_is_command(header) || input_is_event(header) || schema_find(header->type) == NULL;
}

static enum bus_status read_next(struct player *self, struct bus_error *err)
{
    enum bus_status status;
    do {
        bus_arena_reset(self->arena);
        status = logfile_next(self->log, self->arena, &self->next, err);
    } while (status == BUS_OK && !is_played(&self->next.header));
    self->next_us = status == BUS_OK ? bus_header_moment_us(&self->next.header) : 0;
    self->has_next = status == BUS_OK && self->next_us < self->until_us;
    if (status == BUS_CONFLICT)
        snprintf(self->report->torn, sizeof self->report->torn, "%.*s", (int)sizeof self->report->torn - 1,
                 err->text);
    if (status == BUS_NOT_FOUND || status == BUS_CONFLICT)
        return BUS_OK;
    if (status == BUS_OK && self->next_us == 0)
        return bus_fail(err, BUS_INVALID, "record %lld has no time", (long long)self->next.number);
    return status;
}

/* The end of the tick that a moment falls into. */
static int64_t tick_end(const struct player *self, int64_t time_us)
{
    return self->tick_us == 0 ? time_us : time_us - time_us % self->tick_us + self->tick_us - 1;
}

/* Adds the records up to `until_us` to the coming tick. */
static enum bus_status add_until(struct player *self, int64_t until_us, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    while (status == BUS_OK && self->has_next && self->next_us <= until_us) {
        self->report->last_us = self->next_us;
        status = conductor_add(self->conductor, &self->next, err);
        if (status == BUS_OK)
            status = read_next(self, err);
    }
    return status;
}

static void keep_pace(const struct player *self, int64_t now_us)
{
    if (self->speed <= 0)
        return;
    int64_t due = self->began_us + (int64_t)((double)(now_us - self->report->first_us) / self->speed);
    int64_t left = due - bus_clock_monotonic_us();
    if (left > 0)
        nanosleep(&(struct timespec){.tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000}, NULL);
}

static enum bus_status play_ticks(struct player *self, struct bus_error *err)
{
    int64_t now_us = 0;
    AUTO(progress_close) struct progress *progress = progress_open(logfile_size(self->log));
    enum bus_status status = read_next(self, err);
    self->report->first_us = self->has_next ? self->next_us : 0;
    while (status == BUS_OK && self->has_next) {
        int64_t timer_us = conductor_next_timer(self->conductor);
        int64_t next_us = self->next_us > now_us ? self->next_us : now_us; /* time never goes back */
        now_us = tick_end(self, timer_us > 0 && timer_us < next_us ? timer_us : next_us);
        keep_pace(self, now_us);
        status = add_until(self, now_us, err);
        if (status == BUS_OK)
            status = conductor_tick(self->conductor, now_us, err);
        progress_tell(progress, self->has_next ? self->next.offset : logfile_size(self->log), now_us,
                      conductor_counts(self->conductor)->said);
    }
    return status == BUS_OK && now_us != 0 ? conductor_settle(self->conductor, now_us, err) : status;
}

/* Time never goes back, nor to where it never was. */
static enum bus_status let_go(struct player *self, struct bus_error *err)
{
    int64_t began_us = conductor_began_us(self->conductor), last_us = self->report->last_us;
    self->report->clock_us = last_us > began_us ? last_us : began_us;
    if (self->report->clock_us == 0)
        return bus_fail(err, BUS_CONFLICT,
                        "nothing of the log was played: it is empty, or begins after --until. The clocks "
                        "still stand, and another log can be played into this stack");
    return conductor_release(self->conductor, self->report->clock_us, err);
}

enum bus_status play_claim(const struct stack *stack, int *ret_claim, struct bus_error *err)
{
    if (stack->peers)
        return BUS_OK; /* on other machines */
    const char *path = stack_path(stack, "run/conductor.lock");
    int claim = open(path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (claim < 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(errno));
    if (flock(claim, LOCK_EX | LOCK_NB) < 0) {
        close(claim);
        return bus_fail(err, BUS_CONFLICT,
                        "a log is being played into this stack already: wait until that has ended");
    }
    *ret_claim = claim;
    return BUS_OK;
}

void play_release(const int *claim)
{
    if (*claim >= 0)
        close(*claim);
}

enum bus_status play_log(const struct stack *stack, const char *path, double speed, int64_t until_us,
                         bool release, struct play_report *ret_report, struct bus_error *err)
{
    AUTO(logfile_close) struct logfile *log = NULL;
    AUTO(bus_client_close) struct bus_client *client = NULL;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(conductor_close) struct conductor *conductor = NULL;
    *ret_report = (struct play_report){0};
    struct player self = {.arena = arena,
                          .speed = speed,
                          .until_us = until_us,
                          .began_us = bus_clock_monotonic_us(),
                          .report = ret_report};
    enum bus_status status = logfile_open(path, &log, err);
    if (status == BUS_OK)
        status = connect_stack(stack, &client, err);
    if (status == BUS_OK)
        status = conductor_open(client, stack_services, STACK_SERVICES, &conductor, err);
    if (status != BUS_OK)
        return status;
    self.log = log;
    self.conductor = conductor;
    self.tick_us = logfile_info(log)->tick_s * BUS_SECOND_US;
    status = play_ticks(&self, err);
    ret_report->counts = *conductor_counts(conductor);
    ret_report->seconds = (double)(bus_clock_monotonic_us() - self.began_us) / 1e6;
    return status == BUS_OK && release ? let_go(&self, err) : status;
}

void play_tell(const struct play_report *report)
{
    char first[BUS_TIME_TEXT], last[BUS_TIME_TEXT];
    const struct conductor_counts *counts = &report->counts;
    if (counts->inputs == 0) {
        printf("played   nothing: the log has nothing up to there\n");
        return;
    }
    bus_time_format(report->first_us, first);
    bus_time_format(report->last_us, last);
    printf("played   %lld inputs from %.10s to %.10s in %.1f s: %lld events said, %lld messages handled\n",
           (long long)counts->inputs, first, last, report->seconds, (long long)counts->said,
           (long long)counts->handled);
    printf("speed    %.0f messages handled a second, in %lld supersteps\n",
           (double)counts->handled / (report->seconds > 0 ? report->seconds : 1),
           (long long)counts->supersteps);
    if (counts->refused > 0)
        printf("refused  %lld commands; the first: %s\n", (long long)counts->refused, counts->refusal);
}
