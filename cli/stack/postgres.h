/* A stack's private Postgres: made by initdb, reached by a unix socket alone, one database with a schema and
 * a role for each service, none of which can read another's. */
#ifndef CLI_STACK_POSTGRES_H
#define CLI_STACK_POSTGRES_H

#include <sys/types.h>

#include "bus/status.h"
#include "layout.h"

#define POSTGRES_ADMIN    "koppel_admin"
#define POSTGRES_DATABASE "koppel"

struct postgres {
    const struct stack *stack;
    const char *bin; /* folder of initdb and postgres */
};

/* Finds the programs: those that fit the cluster, for a new one the newest. BUS_NOT_FOUND says what to
 * install. */
BUS_CHECKED enum bus_status postgres_find(const struct stack *stack, struct postgres *ret,
                                          struct bus_error *err);
/* A socket folder whose path fits a socket's address: run/ of the stack, else one of its own under /tmp. */
BUS_CHECKED enum bus_status postgres_socket_dir(const struct stack *stack, const char **ret_dir,
                                                struct bus_error *err);
/* Can the path of a folder hold a socket, and stand in the settings as it is? */
bool postgres_socket_dir_fits(const char *dir);
/* Makes the cluster where there is none, and writes its settings anew. */
BUS_CHECKED enum bus_status postgres_prepare(const struct postgres *self, struct bus_error *err);
int postgres_version(const struct stack *stack); /* "15"; 0 when there is no cluster yet */
bool postgres_is_new(const struct stack *stack);
/* Waits until `pid`, just started, takes connections; BUS_RETRY when it ended or takes over a minute. */
BUS_CHECKED enum bus_status postgres_wait(const struct postgres *self, pid_t pid, int64_t log_from,
                                          struct bus_error *err);
/* Database, roles and schemas, as they should be: makes what is missing. */
BUS_CHECKED enum bus_status postgres_roles(const struct postgres *self, struct bus_error *err);

/* libpq connection text for a service, without its password. */
const char *postgres_conninfo(const struct stack *stack, const char *role);
const char *postgres_password_file(const struct stack *stack, const char *role);

#endif
