/* koppel up: an embedded stack from nothing, or again, and a wait until all of it is ready. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "bus/clock.h"
#include "cli.h"
#include "demo/demo.h"
#include "interrupt.h"
#include "stack/health.h"
#include "stack/layout.h"
#include "stack/place.h"
#include "stack/secrets.h"
#include "stack/services.h"
#include "stack/supervisor.h"

#define DISK_LOW_BYTES (INT64_C(64) << 20)

struct up_options {
    const char *dir;
    long port; /* 0: not given */
    bool conducted;
    bool demo;
};

static bool options_read(int argc, char **argv, struct up_options *ret)
{
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'},
        {"port", required_argument, NULL, 'p'},
        {"conducted", no_argument, NULL, 'c'},
        {"demo", no_argument, NULL, 'm'},
        {0},
    };
    *ret = (struct up_options){.dir = CLI_DEFAULT_DIR};
    for (int found; (found = cli_option(argc, argv, options, 0)) != -1;) {
        if (found == 'd')
            ret->dir = optarg;
        if (found == 'p' && !cli_number("--port", optarg, STACK_PORT_MIN, STACK_PORT_MAX, &ret->port))
            return false;
        if (found == 'c')
            ret->conducted = true;
        if (found == 'm')
            ret->demo = true;
        if (found == '?')
            return false;
    }
    return true;
}

static void on_progress(const char *text)
{
    printf("  %s\n", text);
    fflush(stdout);
}

/* On a terminal with the token in the fragment, which a browser sends to nobody: one click opens the board
 * with it. What is not a terminal may be a log, and a log holds no secret. */
static enum bus_status board_tell(const struct stack *stack, struct bus_error *err)
{
    const char *token = NULL;
    enum bus_status status = BUS_OK;
    if (isatty(STDOUT_FILENO))
        status = secret_read(stack_path(stack, "secrets/token"), stack->arena, &token, err);
    if (status == BUS_OK)
        printf("\nboard    http://127.0.0.1:%d/%s%s\n", stack->port, token ? "#token=" : "",
               token ? token : "");
    return status;
}

static void address_tell(const struct stack *stack)
{
    printf("address  http://127.0.0.1:%d\n"
           "token    %s\n"
           "try      curl -H \"Authorization: Bearer $(cat %s)\" http://127.0.0.1:%d/v1/partnerships\n"
           "letters  %s\n"
           "stop     %s down --dir %s\n",
           stack->port, stack_path(stack, "secrets/token"), stack_path(stack, "secrets/token"), stack->port,
           stack->mails ? "go out by the mail server that MAIL_URL named"
                        : stack_path(stack, "mail: every message that went out"),
           program_invocation_name, stack->dir);
}

static void place_tell(const char *dir, const struct stack *stack, bool runs_already)
{
    struct stat st;
    printf("stack    %s%s\n", stack->dir,
           runs_already ? " (runs already, with the settings it was started with)" : "");
    if (lstat(dir, &st) == 0 && S_ISLNK(st.st_mode))
        on_progress(bus_printf(stack->arena, "%s is a link to it", dir));
    fflush(stdout);
}

/* A supervisor that is just starting has not written down its ports yet. */
static enum bus_status stack_open_running(const char *dir, struct stack **ret_stack, struct bus_error *err)
{
    for (int tries = 0;; tries++) {
        enum bus_status status = stack_open(dir, ret_stack, err);
        if (status != BUS_OK || (*ret_stack)->port || tries == 200 || !supervisor_find(*ret_stack))
            return status;
        stack_close(ret_stack);
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
}

static enum bus_status start(const struct up_options *options, bool *ret_runs_already, struct bus_error *err)
{
    /* The demonstration is played under a conductor; its end lets the clocks go. */
    struct supervisor_order order = {.port = (int)options->port,
                                     .conducted = options->conducted || options->demo,
                                     .on_progress = on_progress};
    enum bus_status status = place_prepare(options->dir, &order.account, err);
    if (status != BUS_OK)
        return status;
    {
        AUTO(stack_close) struct stack *stack = NULL;
        status = stack_open(options->dir, &stack, err);
        if (status != BUS_OK)
            return status;
        *ret_runs_already = supervisor_find(stack) > 0;
        place_tell(options->dir, stack, *ret_runs_already);
    }
    if (*ret_runs_already)
        return BUS_OK;
    status = supervisor_start(options->dir, &order, err);
    if (status != BUS_CONFLICT)
        return status;
    *ret_runs_already = true;
    return BUS_OK;
}

/* What stands in the way, as far as it can be told from here. */
static const char *to_do(const struct stack *stack)
{
    struct statvfs disk;
    if (statvfs(stack->dir, &disk) == 0 && (int64_t)(disk.f_bavail * disk.f_frsize) < DISK_LOW_BYTES)
        return bus_printf(stack->arena, "make room on the disk of %s, where %d MB are left", stack->dir,
                          (int)(disk.f_bavail * disk.f_frsize >> 20));
    return "set this right";
}

/* A stack that did not come up is of no use, but one that ran before this call is not its to stop. */
static enum bus_status give_up(const struct stack *stack, bool runs_already, struct bus_error *err)
{
    struct bus_error fault;
    bool found;
    if (runs_already)
        return bus_fail_in(err,
                           "this stack runs with the settings it was started with; koppel down --dir %s, "
                           "%s, and koppel up again",
                           stack->dir, to_do(stack));
    if (supervisor_stop(stack, &found, &fault) != BUS_OK)
        return bus_fail_in(err, "%s", fault.text);
    return bus_fail_in(err, "stopped again; %s, and koppel up again", to_do(stack));
}

static enum bus_status wait_until_ready(const struct stack *stack, struct bus_error *err)
{
    struct services services;
    services_find(&services);
    enum bus_status status = health_wait(stack, &services, on_progress, err);
    services_done(&services);
    return status;
}

/* What ran already may be ending: a supervisor that was killed has its lock for a moment longer. Then this
 * call starts the stack, as if it had come later. */
static enum bus_status bring_up(const struct up_options *options, bool *ret_runs_already,
                                struct stack **ret_stack, struct bus_error *err)
{
    for (;;) {
        if (start(options, ret_runs_already, err) != BUS_OK ||
            stack_open_running(options->dir, ret_stack, err) != BUS_OK)
            return err->status;
        struct stack *stack = *ret_stack;
        if (*ret_runs_already && options->port > 0 && options->port != stack->port)
            return bus_fail(err, BUS_CONFLICT,
                            "this stack runs already, at port %d: koppel down --dir %s first, to move it",
                            stack->port, options->dir);
        enum bus_status status = wait_until_ready(stack, err);
        if (status == BUS_OK)
            return BUS_OK;
        if (status != BUS_NOT_FOUND || !*ret_runs_already)
            return give_up(stack, *ret_runs_already, err);
        on_progress("it has ended meanwhile, and is started anew");
        stack_close(ret_stack);
    }
}

int up_run(int argc, char **argv)
{
    struct up_options options;
    struct bus_error err;
    bool runs_already = false;
    int64_t began_us = bus_clock_monotonic_us();
    AUTO(stack_close) struct stack *stack = NULL;
    if (!options_read(argc, argv, &options))
        return CLI_WRONG;
    interrupt_tells("koppel up: interrupted; the stack itself goes on: koppel up%s --dir %s watches it "
                    "again, koppel down "
                    "--dir %s stops it",
                    options.demo ? " --demo" : "", options.dir, options.dir);
    if (bring_up(&options, &runs_already, &stack, &err) != BUS_OK)
        return cli_fail_with(&err);
    if (!runs_already)
        printf("ready    in %.1f s%s\n", (double)(bus_clock_monotonic_us() - began_us) / 1e6,
               options.demo ? ", and now the histories are played" : "");
    if (options.demo && demo_show(stack, &err) != BUS_OK) {
        if (!runs_already)
            (void)give_up(stack, runs_already, &err);
        return cli_fail_with(&err);
    }
    if (board_tell(stack, &err) != BUS_OK)
        return cli_fail_with(&err);
    address_tell(stack);
    return CLI_DONE;
}
