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

static int columns(FILE *out)
{
    struct winsize size = {0};
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : COLUMNS;
}

static void draw(FILE *out, int64_t done, int64_t whole, char ret_text[BAR_TEXT])
{
    int width = columns(out) >= WIDE_FROM ? WIDE : NARROW;
    int filled = whole > 0 ? (int)(done * width / whole) : width;
    ret_text[0] = '[';
    for (int i = 0; i < width; i++)
        ret_text[1 + i] = i < filled ? '#' : '.';
    strcpy(ret_text + 1 + width, "]");
}

void bar_draw(int64_t done, int64_t whole, char ret_text[BAR_TEXT])
{
    draw(stdout, done, whole, ret_text);
}

static void put_line(FILE *out, const char *text)
{
    int room = columns(out) - 1;
    if (isatty(fileno(out)))
        fprintf(out, "\r%-*.*s", room < COLUMNS ? room : COLUMNS - 1, room, text);
    else
        fprintf(out, "%s\n", text);
    fflush(out);
}

void bar_line(const char *text)
{
    put_line(stdout, text);
}

static FILE *out_of(const struct bar *self)
{
    return self->out != NULL ? self->out : stdout;
}

void bar_tell(struct bar *self, int64_t done)
{
    FILE *out = out_of(self);
    int64_t now_us = bus_clock_monotonic_us();
    if (self->told_us == 0)
        self->told_us = now_us;
    self->done = done < self->whole ? done : self->whole;
    if (self->done < self->whole &&
        now_us - self->told_us < (isatty(fileno(out)) ? BUS_SECOND_US / 10 : 10 * BUS_SECOND_US))
        return;
    self->told_us = now_us;
    char picture[BAR_TEXT], line[LINE_BYTES];
    draw(out, self->done, self->whole, picture);
    snprintf(line, sizeof line, "%s %lld of %lld %s", picture, (long long)self->done, (long long)self->whole,
             self->what);
    put_line(out, line);
}

void bar_end(struct bar *self)
{
    if (self->told_us != 0 && isatty(fileno(out_of(self))))
        fprintf(out_of(self), "\n");
}
