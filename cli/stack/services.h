/* The services of a stack as programs: where they stand, and the environment each is given. */
#ifndef CLI_STACK_SERVICES_H
#define CLI_STACK_SERVICES_H

#include <limits.h>

#include "layout.h"

struct services {
    char bin[PATH_MAX];     /* the folder of this program, where the others stand too */
    int fd[STACK_SERVICES]; /* of the service's program; -1: not built, and so not started */
};

/* Opens the programs beside this one; they can be run from the open file when their path can no longer be
 * reached. */
void services_find(struct services *ret);
void services_done(struct services *self);

/* "NAME=value" texts for a service, NULL-terminated, in the stack's arena: this process's environment,
 * without what would lead libpq astray, and the service's settings. */
char **services_environment(const struct stack *stack, int service);
/* Whether letters of a stack that is started now go to a mail server: where this process's environment names
 * one. Under clocks that a replay moves, nothing goes out into the world. */
bool services_mail(bool conducted);

#endif
