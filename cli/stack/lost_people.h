/* Whom a repair takes back: people whose names came after the backup, and those who were erased after it.
 * Compares what registry (and matching, of people only it has left) knew before with what registry knows
 * afterwards. */
#ifndef CLI_STACK_LOST_PEOPLE_H
#define CLI_STACK_LOST_PEOPLE_H

#include <libpq-fe.h>

#include "layout.h"

/* Before the schemas are emptied; kept by this connection. What cannot be read there is passed over. */
void lost_people_note(PGconn *connection);
/* Afterwards: a line for each of them in DIR/lost-people-<time>.csv, ids and no names; on_text tells how
 * many, who the first are, and where the file is. Nothing where nobody is lost. */
BUS_CHECKED enum bus_status lost_people_tell(PGconn *connection, const struct stack *stack,
                                             void (*on_text)(void *arg, const char *text), void *arg,
                                             struct bus_error *err);

#endif
