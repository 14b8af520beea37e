/* A token that was revoked since a backup, maybe as it had leaked, must not be good again. */
#ifndef CLI_STACK_REVOKED_TOKENS_H
#define CLI_STACK_REVOKED_TOKENS_H

#include <libpq-fe.h>

#include "bus/arena.h"
#include "bus/status.h"

/* By the gateway's schema that a repair put aside; on_text tells how many, or that it cannot be told. */
BUS_CHECKED enum bus_status revoked_tokens_revoke_again(PGconn *connection, struct bus_arena *arena,
                                                        void (*on_text)(void *arg, const char *text),
                                                        void *arg, struct bus_error *err);

#endif
