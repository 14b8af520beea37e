/* See bar.h. */
#include "bar.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "bus/clock.h"

#define WIDTH 30

void bar_tell(struct bar *self, int64_t done)
{
    bool terminal = isatty(STDOUT_FILENO);
    int64_t now_us = bus_clock_monotonic_us();
    if (self->told_us == 0)
        self->told_us = now_us;
    self->done = done < self->whole ? done : self->whole;
    if (self->done < self->whole &&
        now_us - self->told_us < (terminal ? BUS_SECOND_US / 10 : 10 * BUS_SECOND_US))
        return;
    self->told_us = now_us;
    char picture[WIDTH + 1];
    int filled = self->whole > 0 ? (int)(self->done * WIDTH / self->whole) : WIDTH;
    for (int i = 0; i < WIDTH; i++)
        picture[i] = i < filled ? '#' : '.';
    picture[WIDTH] = '\0';
    printf("%s[%s] %lld of %lld %s%s", terminal ? "\r" : "", picture, (long long)self->done,
           (long long)self->whole, self->what, terminal ? "" : "\n");
    fflush(stdout);
}

void bar_end(struct bar *self)
{
    if (self->told_us != 0 && isatty(STDOUT_FILENO))
        printf("\n");
}
