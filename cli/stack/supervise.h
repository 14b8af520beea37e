/* The supervisor from the inside: what runs in the daemon, and the signs of its reports to the one who
 * started it. */
#ifndef CLI_STACK_SUPERVISE_H
#define CLI_STACK_SUPERVISE_H

#include "supervisor.h"

#define SUPERVISOR_PID_FILE "run/supervisor.pid"

#define REPORT_PROGRESS '.'
#define REPORT_PART     '%'
#define REPORT_STARTED  '='
#define REPORT_FAILED   '!'
#define REPORT_BUSY     '~'

/* Takes over the process; closes report_fd once all is started. */
_Noreturn void supervise(const char *dir, const struct supervisor_order *order, int report_fd);
/* Ends recorded processes of the stack that have lost their supervisor; true when there was one. */
bool supervise_end_leftovers(const struct stack *stack);

#endif
