/* koppel replay: plays a log into a stack, under the log's own clock. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bus/clock.h"
#include "cli.h"
#include "connect.h"
#include "interrupt.h"
#include "replay/play.h"
#include "stack/layout.h"

/* A year takes a thousand, or half a minute. */
#define SPEED_MIN 0.001
#define SPEED_MAX 1e6

struct replay_options {
    const char *log;
    const char *dir;
    const char *fresh;
    double speed;
    int64_t until_us;
    bool hold;
};

static bool speed_read(const char *text, double *ret)
{
    char *end = NULL;
    if (strcmp(text, "max") == 0) {
        *ret = 0;
        return true;
    }
    *ret = strtod(text, &end);
    if (end != text && *end == '\0' && *ret >= SPEED_MIN && *ret <= SPEED_MAX)
        return true;
    (void)cli_wrong("--speed is \"%s\"; it must be max, or how many times true pace: %g to %.0f", text,
                    SPEED_MIN, SPEED_MAX);
    return false;
}

static bool until_read(const char *text, int64_t *ret_us)
{
    int32_t day = 0;
    if (!bus_date_parse(text, strlen(text), &day)) {
        (void)cli_wrong("--until is \"%s\"; it must be a date like 2015-06-01", text);
        return false;
    }
    *ret_us = day * BUS_DAY_US;
    return true;
}

static bool options_read(int argc, char **argv, struct replay_options *ret)
{
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'},   {"fresh", required_argument, NULL, 'f'},
        {"speed", required_argument, NULL, 's'}, {"hold", no_argument, NULL, 'h'},
        {"until", required_argument, NULL, 'u'}, {0},
    };
    *ret = (struct replay_options){.dir = CLI_DEFAULT_DIR, .until_us = INT64_MAX};
    for (int found; (found = cli_option(argc, argv, options, 1)) != -1;) {
        if (found == '?' || (found == 's' && !speed_read(optarg, &ret->speed)) ||
            (found == 'u' && !until_read(optarg, &ret->until_us)))
            return false;
        if (found == 'd')
            ret->dir = optarg;
        if (found == 'f')
            ret->fresh = ret->dir = optarg;
        if (found == 'h')
            ret->hold = true;
    }
    if (optind != argc - 1) {
        (void)cli_wrong("name one log file");
        return false;
    }
    ret->log = argv[optind];
    return true;
}

/* A new stack whose clocks stand still. */
static int start_fresh(const char *dir)
{
    struct stat stat;
    char *stack_json = NULL;
    if (asprintf(&stack_json, "%s/stack.json", dir) < 0)
        bus_die("out of memory");
    bool exists = lstat(stack_json, &stat) == 0;
    free(stack_json);
    if (exists)
        return cli_fail("%s holds a stack already; name a folder that does not exist yet", dir);
    char *up[] = {"up", "--conducted", "--dir", (char *)dir, NULL};
    optind = 0;
    return up_run(4, up);
}

int replay_run(int argc, char **argv)
{
    struct replay_options options;
    struct bus_error err = {0};
    struct play_report report;
    AUTO(play_release) int claim = -1;
    AUTO(stack_close) struct stack *stack = NULL;
    if (!options_read(argc, argv, &options))
        return CLI_WRONG;
    if (options.fresh != NULL && start_fresh(options.fresh) != CLI_DONE)
        return CLI_FAILED;
    interrupt_tells(
        "koppel replay: interrupted; the clocks stand where the log had come: the same command goes on from "
        "there");
    if (connect_find(options.dir, &stack, &err) != BUS_OK || play_claim(stack, &claim, &err) != BUS_OK ||
        play_log(stack, options.log, options.speed, options.until_us, !options.hold, &report, &err) != BUS_OK)
        return cli_fail_with(&err);
    play_tell(&report);
    if (report.torn[0] != '\0')
        return cli_fail("%s; what stands before it was played", report.torn);
    if (report.counts.refused == 0)
        return CLI_DONE;
    return cli_fail(
        "%lld commands of the log were refused: what this stack holds now is not what the log was "
        "recorded from (koppel help replay tells why that may be). The first is %s",
        (long long)report.counts.refused, report.counts.refusal);
}
