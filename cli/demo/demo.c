/* See demo.h. */
#include "demo/demo.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/clock.h"
#include "cli.h"
#include "simulate/params.h"

static const char *const partnerships[] = {"asse", "merelbeke", "middenkempen"};
#define PARTNERSHIPS (sizeof partnerships / sizeof *partnerships)

/* The data stand beside the build folder in a checkout, under share/koppel where it is installed. */
static enum bus_status find_data(struct bus_arena *arena, const char **ret_dir, struct bus_error *err)
{
    static const char *const places[] = {"../../data", "../share/koppel/data"};
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n < 0)
        return bus_fail(err, BUS_BUG, "cannot tell where this program stands");
    exe[n] = '\0';
    *strrchr(exe, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *dir = bus_printf(arena, "%s/%s", exe, places[i]);
        if (access(bus_printf(arena, "%s/places.csv", dir), R_OK) == 0) {
            *ret_dir = dir;
            return BUS_OK;
        }
    }
    if (access("data/places.csv", R_OK) != 0)
        return bus_fail(err, BUS_NOT_FOUND, "the folder data/ of the project is neither near %s nor here",
                        exe);
    *ret_dir = "data";
    return BUS_OK;
}

static enum bus_status read_histories(struct bus_arena *arena, const char *data,
                                      struct demo_history *histories, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < PARTNERSHIPS; i++) {
        json_t *params = NULL;
        status = params_read(bus_printf(arena, "%s/simulation/%s.json", data, partnerships[i]), &params, err);
        if (status == BUS_OK)
            histories[i] = (struct demo_history){.partnership = partnerships[i],
                                                 .from = bus_strdup(arena, param_text(params, "from")),
                                                 .to = bus_strdup(arena, param_text(params, "to"))};
        json_decref(params);
    }
    return status;
}

static enum bus_status make_log(const struct stack *stack, const char *data, const char *log,
                                struct bus_error *err)
{
    char *argv[4 + PARTNERSHIPS + 1] = {"up", "--places", bus_printf(stack->arena, "%s/places.csv", data),
                                        (char *)log};
    for (size_t i = 0; i < PARTNERSHIPS; i++)
        argv[4 + i] = bus_printf(stack->arena, "%s/simulation/%s.json", data, partnerships[i]);
    optind = 0;
    printf("log      ");
    fflush(stdout);
    if (simulate_run(4 + PARTNERSHIPS, argv) != CLI_DONE)
        return bus_fail(err, BUS_INVALID, "the demonstration log could not be made; see above");
    return BUS_OK;
}

static const char *mark_path(const struct stack *stack)
{
    return stack_path(stack, "demo.done");
}

static enum bus_status play(const struct stack *stack, const char *data, struct bus_error *err)
{
    const char *log = stack_path(stack, "demo.log");
    struct play_report played;
    char last[BUS_TIME_TEXT];
    AUTO(play_release) int claim = -1;
    if (play_claim(stack, &claim, err) != BUS_OK)
        return err->status;
    enum bus_status status = make_log(stack, data, log, err);
    if (status == BUS_OK)
        status = play_log(stack, log, 0, INT64_MAX, true, &played, err);
    if (status == BUS_CONFLICT)
        return bus_fail_in(
            err, "the demonstration needs a stack of its own, such as koppel up --demo --dir var/demo");
    if (status != BUS_OK)
        return status;
    play_tell(&played);
    bus_time_format(played.clock_us, last);
    printf("clock    the stack's clock goes on from %.10s, whatever day it is\n", last);
    int mark = open(mark_path(stack), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (mark >= 0) {
        dprintf(mark, "%.10s\n", last);
        close(mark);
    }
    return BUS_OK;
}

/* No history goes beyond the day on which the clock stood when all was played. */
static void end_with_the_log(const struct stack *stack, struct demo_history *histories, size_t n)
{
    char day[11] = "";
    int32_t parsed = 0;
    int mark = open(mark_path(stack), O_RDONLY | O_CLOEXEC);
    bool told = mark >= 0 && read(mark, day, 10) == 10 && bus_date_parse(day, 10, &parsed);
    if (mark >= 0)
        close(mark);
    for (size_t i = 0; told && i < n; i++)
        if (strcmp(histories[i].to, day) > 0)
            histories[i].to = bus_strdup(stack->arena, day);
}

enum bus_status demo_show(const struct stack *stack, struct bus_error *err)
{
    const char *data = NULL;
    struct demo_history histories[PARTNERSHIPS];
    AUTO(session_close) struct session session = {0};
    enum bus_status status = find_data(stack->arena, &data, err);
    if (status == BUS_OK)
        status = read_histories(stack->arena, data, histories, err);
    if (status == BUS_OK && access(mark_path(stack), F_OK) == 0)
        printf("played   before, in this stack: what happens in it since then goes on\n");
    else if (status == BUS_OK)
        status = play(stack, data, err);
    if (status != BUS_OK)
        return status;
    end_with_the_log(stack, histories, PARTNERSHIPS);
    status = session_open(stack->dir, &session, err);
    return status == BUS_OK ? demo_report(&session, histories, PARTNERSHIPS, err) : status;
}
