/* The log: each entry is one write to stderr, so that lines of several threads do not mix. */
#include "bus/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus/clock.h"

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static char service[64] = "bus";
static atomic_int highest = BUS_LOG_INFO;

void bus_log_open(const char *name, const char *level)
{
    snprintf(service, sizeof(service), "%s", name);
    int wanted = BUS_LOG_INFO;
    for (int i = 0; level && i <= BUS_LOG_DEBUG; i++)
        if (strcmp(level_names[i], level) == 0)
            wanted = i;
    atomic_store(&highest, wanted);
}

void bus_log(enum bus_level level, const char *fmt, ...)
{
    if ((int)level > atomic_load_explicit(&highest, memory_order_relaxed))
        return;
    char line[1200], now[BUS_TIME_TEXT];
    bus_time_format(bus_clock_wall_us(), now);
    int head = snprintf(line, sizeof(line), "%s %-5s %s ", now, level_names[level], service);
    size_t room = sizeof(line) - (size_t)head - 1;
    va_list args;
    va_start(args, fmt);
    int wanted = vsnprintf(line + head, room, fmt, args);
    va_end(args);
    size_t size = (size_t)head + (wanted < 0 ? 0 : (size_t)wanted < room ? (size_t)wanted : room - 1);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = ' ';
    line[size++] = '\n';
    if (write(STDERR_FILENO, line, size) < 0)
        return; /* nobody is left to tell */
}
