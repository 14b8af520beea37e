/* What the commands of `koppel` share: their table's row, and how they speak to people.
 * Exit status: 0 done, 1 failed, 2 wrong usage; an error is one line on stderr that says what to do. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/status.h"

#define CLI_DONE   0
#define CLI_FAILED 1
#define CLI_WRONG  2

#define CLI_DEFAULT_DIR "var/stack"

struct cli_command {
    const char *name;                  /* NULL ends the table */
    const char *usage;                 /* what follows the name: "[--json] [--dir DIR]" */
    const char *summary;               /* one line */
    const char *details;               /* for `koppel help COMMAND`: options, one a line; may be "" */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

int init_run(int argc, char **argv);
int up_run(int argc, char **argv);
int down_run(int argc, char **argv);
int status_run(int argc, char **argv);
int replay_run(int argc, char **argv);
int log_run(int argc, char **argv);
int simulate_run(int argc, char **argv);
int match_run(int argc, char **argv);
int publish_run(int argc, char **argv);
int call_run(int argc, char **argv);
/* What is called NAME: its fields, an example, its answer. */
int call_help(const char *name);
int import_run(int argc, char **argv);
int backup_run(int argc, char **argv);
int restore_run(int argc, char **argv);
int repair_run(int argc, char **argv);
int trim_run(int argc, char **argv);
int readers_run(int argc, char **argv);
int record_run(int argc, char **argv);
int state_hash_run(int argc, char **argv);
int dead_run(int argc, char **argv);

/* One line on stderr, after "koppel COMMAND: ". Returns CLI_FAILED. */
int cli_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int cli_fail_with(const struct bus_error *err);
/* The same, and where the usage stands. Returns CLI_WRONG. */
int cli_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* getopt_long for a command: the value of the option found, -1 at the end, '?' after cli_wrong has told what
 * is wrong: then return CLI_WRONG. Arguments that are no options are refused when `operands_max` of them is
 * passed. */
struct option;
int cli_option(int argc, char **argv, const struct option *options, int operands_max);
/* For a command whose one option is --dir: the stack's folder. False after telling what is wrong: return
 * CLI_WRONG. */
bool cli_dir(int argc, char **argv, int operands_max, const char **ret_dir);
/* A whole number from min to max; false after telling what is wrong with it. */
int cli_number(const char *option, const char *text, long min, long max, long *ret);

#endif
