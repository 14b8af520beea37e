/* The steps of a restore, within the daemon that has the stack's lock. The backup is unpacked into restore/
 * of the stack's folder and checked; what stood there goes into before-restore-<time>/; then the new cluster
 * is filled. As long as restore/ stands the work is not over, and the stack does not start. */
#ifndef CLI_BACKUP_RESTORING_H
#define CLI_BACKUP_RESTORING_H

#include "stack/postgres.h"

/* Unpacks and checks; only then puts what stood there aside, and keys and secrets in their places. */
BUS_CHECKED enum bus_status restoring_begin(const struct stack *stack, int backup_fd, struct bus_error *err);
/* Unpacks and checks, for a repair of what stands there. */
BUS_CHECKED enum bus_status restoring_begin_repair(const struct stack *stack, int backup_fd,
                                                   struct bus_error *err);
/* Fills the database of a running Postgres and raises the epoch of its streams; on_table for each table. */
BUS_CHECKED enum bus_status restoring_load(const struct postgres *postgres, void (*on_table)(void *arg),
                                           void *arg, struct bus_error *err);
/* Where the dump was unpacked to; makes statistics of what was loaded. For a repair. */
const char *restoring_dump(const struct stack *stack);
BUS_CHECKED enum bus_status restoring_analyze(const struct postgres *postgres, struct bus_error *err);
BUS_CHECKED enum bus_status restoring_finish(const struct stack *stack, struct bus_error *err);
/* BUS_CONFLICT when an earlier restore did not get to its end. */
BUS_CHECKED enum bus_status restoring_refuse(const struct stack *stack, struct bus_error *err);

#endif
