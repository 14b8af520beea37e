/* Random secrets in files that only their owner can read. */
#ifndef CLI_STACK_SECRETS_H
#define CLI_STACK_SECRETS_H

#include "bus/arena.h"
#include "bus/status.h"

/* Makes the file with `bytes` random bytes (at most 64) as hex digits, where it is missing: whole or not at
 * all. */
BUS_CHECKED enum bus_status secret_make(const char *path, size_t bytes, struct bus_error *err);
/* Its text, in the arena. */
BUS_CHECKED enum bus_status secret_read(const char *path, struct bus_arena *arena, const char **ret_text,
                                        struct bus_error *err);

#endif
