/* koppel match: the optimal matching of a plain text file, for anyone to check with another solver. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bar.h"
#include "bus/clock.h"
#include "cli.h"
#include "match/instance.h"

static int tell_faults(const char *path, const struct match_faults *faults)
{
    long kept = faults->count < MATCH_FAULTS_MAX ? faults->count : MATCH_FAULTS_MAX;
    for (long i = 0; i < kept; i++)
        fprintf(stderr, "%s:%ld: %s\n", path, faults->kept[i].line, faults->kept[i].text);
    return cli_fail("%s has %ld fault%s; mend %s and try again", path, faults->count,
                    faults->count == 1 ? "" : "s", faults->count == 1 ? "it" : "them");
}

struct watch {
    struct bar bar;
    int64_t began_us;
};

/* What is done at once needs no bar. */
static void on_progress(void *context, int64_t done, int64_t whole)
{
    struct watch *watch = context;
    if (bus_clock_monotonic_us() - watch->began_us < BUS_SECOND_US / 10)
        return;
    watch->bar.whole = whole;
    bar_tell(&watch->bar, done);
}

static void solve(struct match_instance *instance)
{
    struct watch watch = {.bar = {.what = "steps", .out = stderr}, .began_us = bus_clock_monotonic_us()};
    if (isatty(STDERR_FILENO))
        match_instance_on_progress(instance, on_progress, &watch);
    match_instance_solve(instance);
    if (watch.bar.told_us != 0)
        bar_tell(&watch.bar, watch.bar.whole);
    bar_end(&watch.bar);
    match_instance_on_progress(instance, NULL, NULL);
}

int match_run(int argc, char **argv)
{
    static const struct option options[] = {{"prices", no_argument, NULL, 'p'}, {0}};
    bool prices = false;
    for (int found; (found = cli_option(argc, argv, options, 1)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        prices = true;
    }
    if (optind != argc - 1)
        return cli_wrong("name one file of lines LEFT RIGHT WEIGHT, or - for standard input");
    const char *path = argv[optind];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL)
        return cli_fail("cannot read %s: %s", path, strerror(errno));
    struct match_faults faults = {0};
    struct match_instance *instance = match_instance_read(file, &faults);
    if (file != stdin)
        fclose(file);
    if (instance == NULL)
        return tell_faults(path, &faults);
    solve(instance);
    int failed = match_instance_write(instance, stdout);
    if (!failed && prices)
        failed = match_instance_write_prices(instance, stdout);
    match_instance_free(instance);
    return failed ? cli_fail("the result could not be written: %s", strerror(errno)) : CLI_DONE;
}
