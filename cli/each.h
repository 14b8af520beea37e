/* A command that asks every service the same, and shows a row each. */
#ifndef CLI_EACH_H
#define CLI_EACH_H

#include <jansson.h>

typedef void each_row_fn(const char *service, const json_t *answer);

/* Takes --dir and --json; `op` is what ADMIN knows. A service that is away is told on stderr, and the command
 * fails. */
int each_run(int argc, char **argv, const char *op, each_row_fn *print_row);

#endif
