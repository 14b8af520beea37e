/* See bar.h. */
#include "bar.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bus/clock.h"

#define WIDE       30
#define NARROW     8
#define WIDE_FROM  70 /* columns */
#define COLUMNS    80 /* where nobody says how many there are */
#define LINE_BYTES 512

static int columns(void)
{
    struct winsize size = {0};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : COLUMNS;
}

void bar_draw(int64_t done, int64_t whole, char ret_text[BAR_TEXT])
{
    int width = columns() >= WIDE_FROM ? WIDE : NARROW;
    int filled = whole > 0 ? (int)(done * width / whole) : width;
    ret_text[0] = '[';
    for (int i = 0; i < width; i++)
        ret_text[1 + i] = i < filled ? '#' : '.';
    strcpy(ret_text + 1 + width, "]");
}

void bar_line(const char *text)
{
    int room = columns() - 1;
    if (isatty(STDOUT_FILENO))
        printf("\r%-*.*s", room < COLUMNS ? room : COLUMNS - 1, room, text);
    else
        printf("%s\n", text);
    fflush(stdout);
}

void bar_tell(struct bar *self, int64_t done)
{
    int64_t now_us = bus_clock_monotonic_us();
    if (self->told_us == 0)
        self->told_us = now_us;
    self->done = done < self->whole ? done : self->whole;
    if (self->done < self->whole &&
        now_us - self->told_us < (isatty(STDOUT_FILENO) ? BUS_SECOND_US / 10 : 10 * BUS_SECOND_US))
        return;
    self->told_us = now_us;
    char picture[BAR_TEXT], line[LINE_BYTES];
    bar_draw(self->done, self->whole, picture);
    snprintf(line, sizeof line, "%s %lld of %lld %s", picture, (long long)self->done, (long long)self->whole,
             self->what);
    bar_line(line);
}

void bar_end(struct bar *self)
{
    if (self->told_us != 0 && isatty(STDOUT_FILENO))
        printf("\n");
}
