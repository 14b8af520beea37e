/* See progress.h. */
#include "replay/progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bar.h"
#include "bus/clock.h"
#include "bus/status.h"

struct progress {
    int64_t whole;
    int64_t began_us, told_us;
    bool terminal;
};

struct progress *progress_open(int64_t whole)
{
    struct progress *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    self->whole = whole > 0 ? whole : 1;
    self->began_us = bus_clock_monotonic_us();
    self->terminal = isatty(STDOUT_FILENO);
    return self;
}

void progress_tell(struct progress *self, int64_t done, int64_t now_us, int64_t events)
{
    int64_t clock = bus_clock_monotonic_us();
    bool last = done >= self->whole;
    if (!last && clock - self->told_us < (self->terminal ? BUS_SECOND_US / 10 : 10 * BUS_SECOND_US))
        return;
    self->told_us = clock;
    char date[BUS_TIME_TEXT], bar[BAR_TEXT], line[BAR_TEXT + 128];
    bus_time_format(now_us, date);
    bar_draw(done, self->whole, bar);
    double seconds = (double)(clock - self->began_us) / 1e6;
    snprintf(line, sizeof line, "%s %3d%%  %.10s  %lld events, %.0f a second", bar,
             (int)(done * 100 / self->whole), date, (long long)events,
             (double)events / (seconds > 0 ? seconds : 1));
    bar_line(line);
}

void progress_close(struct progress **self_p)
{
    if (*self_p == NULL)
        return;
    if ((*self_p)->terminal && (*self_p)->told_us != 0)
        printf("\n");
    free(*self_p);
    *self_p = NULL;
}
