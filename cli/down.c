/* koppel down: stops an embedded stack and waits until all of it has ended. */
#include <stdio.h>

#include "cli.h"
#include "interrupt.h"
#include "stack/layout.h"
#include "stack/supervisor.h"

int down_run(int argc, char **argv)
{
    const char *dir;
    if (!cli_dir(argc, argv, 0, &dir))
        return CLI_WRONG;
    interrupt_tells(
        "koppel down: interrupted; the stack goes on ending by itself: koppel status --dir %s tells", dir);
    struct bus_error err;
    AUTO(stack_close) struct stack *stack = NULL;
    bool found = false;
    enum bus_status status = stack_open(dir, &stack, &err);
    if (status == BUS_OK)
        status = supervisor_stop(stack, &found, &err);
    if (status != BUS_OK)
        return cli_fail_with(&err);
    printf(found ? "stopped  %s\n" : "no stack was running in %s\n", stack->dir);
    return CLI_DONE;
}
