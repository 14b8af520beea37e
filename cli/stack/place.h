/* Whose account a stack runs under, and whether that account can reach the stack's folder. Postgres refuses
 * to run as root, so root starts the whole stack under an account without rights. */
#ifndef CLI_STACK_PLACE_H
#define CLI_STACK_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "bus/status.h"

struct place_account {
    bool drop; /* started by root: place_drop() has something to do */
    uid_t uid;
    gid_t gid;
    char name[64];
};

/* Makes the folder of a stack where it is missing and says who is to run the stack. As root: the folder's
 * owner, for a new folder `postgres` or else `nobody`; where that account cannot reach the folder, the stack
 * gets a folder under /var/tmp instead and `dir` becomes a symbolic link to it. BUS_CONFLICT: the folder
 * holds something else. */
BUS_CHECKED enum bus_status place_prepare(const char *dir, struct place_account *ret_account,
                                          struct bus_error *err);
/* Gives up root for good. */
BUS_CHECKED enum bus_status place_drop(const struct place_account *account, struct bus_error *err);

#endif
