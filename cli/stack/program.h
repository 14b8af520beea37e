/* Runs another program to its end: what it prints on stderr goes line by line to the caller, who shows
 * progress by it. */
#ifndef CLI_STACK_PROGRAM_H
#define CLI_STACK_PROGRAM_H

#include "bus/arena.h"
#include "bus/status.h"

struct program {
    const char *path; /* looked for in PATH when it has no slash */
    char *const *argv;
    const char *password;                         /* given as PGPASSWORD; NULL: none */
    int in_fd;                                    /* its standard input; -1: nothing to read */
    int out_fd;                                   /* its standard output; -1: thrown away */
    void (*on_line)(void *arg, const char *line); /* may be NULL */
    void *arg;
};

/* BUS_RETRY when it cannot be run or ends with another status than 0; the error has its last line. */
BUS_CHECKED enum bus_status program_run(const struct program *plan, struct bus_error *err);

#endif
