/* Who may do what in the stack's database: a role and a schema for each service, none of which can read
 * another's. */
#ifndef CLI_STACK_ROLES_H
#define CLI_STACK_ROLES_H

#include "bus/arena.h"
#include "bus/status.h"

struct roles_place {
    struct bus_arena *arena;
    const char *host; /* or the folder of the server's socket */
    const char *port;
    const char *secrets_dir; /* the roles' passwords; see credentials.h */
};

/* Database, roles, passwords and schemas, as they should be: makes what is missing. */
BUS_CHECKED enum bus_status roles_make(const struct roles_place *place, struct bus_error *err);

#endif
