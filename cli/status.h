/* What the services of a stack say of themselves, as JSON, and as the table people see. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include <jansson.h>

#include "bus/arena.h"

/* `report` is {"dir", "address", "services": [{"service", "state", "head", …, "follows": […]}]}. */
char *status_table(json_t *report, struct bus_arena *arena);
/* "3 s", "4 min", "5 h 12 min", "9 d 3 h". */
char *status_age(int64_t seconds, struct bus_arena *arena);

#endif
