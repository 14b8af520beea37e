/* See interrupt.h. */
#include "interrupt.h"

#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char told[2 * PATH_MAX];
static volatile sig_atomic_t came;

static void on_tell(int signal)
{
    ssize_t ignored = write(STDERR_FILENO, told, strlen(told));
    (void)ignored;
    _exit(128 + signal);
}

static void on_note(int signal)
{
    came = signal;
}

/* Who was started with signals ignored (nohup) stays so. */
static void expect(void (*handler)(int))
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &action, NULL);
    }
}

void interrupt_tells(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    told[0] = '\n';
    int n = vsnprintf(told + 1, sizeof told - 2, fmt, args);
    va_end(args);
    size_t size = n < 0 ? 0 : (size_t)n < sizeof told - 3 ? (size_t)n : sizeof told - 3;
    memcpy(told + 1 + size, "\n", 2);
    expect(on_tell);
}

void interrupt_noted(void)
{
    expect(on_note);
}

bool interrupt_came(void)
{
    return came != 0;
}
