/* How the commands speak: errors in one line, options told apart the same way everywhere. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *command = "";

static void say(const char *fmt, va_list args)
{
    fprintf(stderr, "koppel%s%s: ", *command ? " " : "", command);
    vfprintf(stderr, fmt, args);
}

int cli_fail(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(fmt, args);
    va_end(args);
    fputc('\n', stderr);
    return CLI_FAILED;
}

int cli_fail_with(const struct bus_error *err)
{
    return err->code[0] ? cli_fail("%s [%s]", err->text, err->code) : cli_fail("%s", err->text);
}

int cli_wrong(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(fmt, args);
    va_end(args);
    fprintf(stderr, "; see: koppel help%s%s\n", *command ? " " : "", command);
    return CLI_WRONG;
}

int cli_option(int argc, char **argv, const struct option *options, int operands_max)
{
    command = argv[0];
    opterr = 0;
    int before = optind;
    int found = getopt_long(argc, argv, ":", options, NULL);
    if (found == '?') {
        cli_wrong("unknown option %s", argv[optind > before ? optind - 1 : before]);
        return '?';
    }
    if (found == ':') {
        cli_wrong("option %s needs a value", argv[optind - 1]);
        return '?';
    }
    if (found == -1 && argc - optind > operands_max) {
        cli_wrong("unexpected argument %s", argv[optind + operands_max]);
        return '?';
    }
    return found;
}

bool cli_dir(int argc, char **argv, int operands_max, const char **ret_dir)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'}, {0}};
    const char *dir = CLI_DEFAULT_DIR;
    for (int found; (found = cli_option(argc, argv, options, operands_max)) != -1;) {
        if (found == '?')
            return false;
        dir = optarg;
    }
    *ret_dir = dir;
    return true;
}

int cli_number(const char *option, const char *text, long min, long max, long *ret)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < min || value > max) {
        cli_wrong("%s takes a whole number from %ld to %ld, not %s", option, min, max, text);
        return 0;
    }
    *ret = value;
    return 1;
}
