/* Brings some services of a stack back to a backup, the others staying where they are: within the daemon that
 * has the stack's lock, with Postgres running and no service. */
#ifndef CLI_BACKUP_REPAIRING_H
#define CLI_BACKUP_REPAIRING_H

#include "stack/postgres.h"

/* `service` and all that follow it, from the backup that was unpacked; on_text tells which, and how far back.
 * What they were is kept in before-repair-<time>.dump. BUS_CONFLICT: the backup does not fit what the others
 * have. After an error all is as it was; one that is cut off is undone by the next. */
BUS_CHECKED enum bus_status repairing_run(const struct postgres *postgres, const char *service,
                                          void (*on_text)(void *arg, const char *text), void *arg,
                                          struct bus_error *err);

#endif
