/* What the parts of a stack prove themselves with: CURVE keys, passwords of the database's roles, keys of
 * stored data, the first token. Makes what is missing and leaves alone what is there, so that it can be
 * called at every start. */
#ifndef CLI_STACK_CREDENTIALS_H
#define CLI_STACK_CREDENTIALS_H

#include <stdbool.h>

#include "bus/arena.h"
#include "bus/status.h"

/* A key for each service, for the command line and for adapters. The library under it starts threads and
 * takes over signals: call it in a process that has nothing else to do. */
BUS_CHECKED enum bus_status credentials_keys(const char *keys_dir, struct bus_error *err);
/* The folder must exist. */
BUS_CHECKED enum bus_status credentials_secrets(const char *secrets_dir, struct bus_arena *arena,
                                                struct bus_error *err);
/* Whether a service handles what another says: its key names that one. The gateway, which reads for others,
 * may read all and handles nothing. */
bool credentials_follows(const char *reader, const char *source);
/* Where the password of a role of the database stands. */
const char *credentials_password_file(const char *secrets_dir, const char *role, struct bus_arena *arena);

#endif
