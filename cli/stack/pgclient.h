/* Runs a program that comes with Postgres, such as pg_dump, on a stack's database as its owner. */
#ifndef CLI_STACK_PGCLIENT_H
#define CLI_STACK_PGCLIENT_H

#include "postgres.h"
#include "program.h"

/* Whose server it is, as whom, and the password are added; `arguments` ends with NULL. `on_line` gets what
 * the program prints on stderr, and may be NULL. */
BUS_CHECKED enum bus_status pgclient_run(const struct postgres *postgres, const char *name,
                                         const char *const *arguments,
                                         void (*on_line)(void *arg, const char *line), void *arg,
                                         struct bus_error *err);

#endif
