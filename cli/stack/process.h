/* Processes of a stack: started so that they end when the supervisor ends, recorded so that what a killed
 * supervisor left behind is found again, and never taken for another process that got the same number. */
#ifndef CLI_STACK_PROCESS_H
#define CLI_STACK_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bus/status.h"

struct process_plan {
    const char *path;
    int program_fd; /* of the same program, opened while its path could be reached; -1: none */
    char *const *argv;
    char *const *envp;
    const char *log;      /* stdout and stderr are appended to it */
    int end_signal;       /* comes when the starter dies */
    const char *pid_file; /* NULL: not recorded */
};
/* The pid of a child that is about to run the program. One that cannot be run ends with status 127, and the
 * reason is in the log. */
BUS_CHECKED enum bus_status process_start(const struct process_plan *plan, pid_t *ret_pid,
                                          struct bus_error *err);

/* When a process began, in clock ticks since the machine started; 0: there is none (one that only waits to be
 * reaped counts as none). */
uint64_t process_began(pid_t pid);
/* The same from the text of /proc/<pid>/stat. */
uint64_t process_began_parse(const char *stat_text);

/* A pid file holds pid, beginning, and which run of the machine; the pid 0, that it is given up. */
BUS_CHECKED enum bus_status process_record(const char *pid_file, pid_t pid, struct bus_error *err);
/* The pid recorded, if that very process still runs; 0 otherwise. */
pid_t process_recorded(const char *pid_file);

/* The pid recorded last, whatever became of it; 0: none. */
pid_t process_recorded_last(const char *pid_file);
/* Whether it was recorded that nobody will start it again. */
bool process_given_up(const char *pid_file);

/* Asks a process that is no child to end, waits, and forces it after `patience_ms`. */
struct process_end {
    const char *pid_file;
    int ask;   /* SIGTERM */
    int force; /* SIGKILL */
    int patience_ms;
};
/* True when there was one. The pid file is gone afterwards. */
bool process_end_recorded(const struct process_end *end);

#endif
