/* A connection to a stack's database. */
#ifndef CLI_STACK_CONNECTION_H
#define CLI_STACK_CONNECTION_H

#include <libpq-fe.h>

#include "layout.h"

/* As the database's owner. For AUTO(connection_done). */
BUS_CHECKED enum bus_status connection_open(const struct stack *stack, PGconn **ret, struct bus_error *err);
/* BUS_RETRY with the first line of what libpq says, which ends its messages with a line break and sometimes
 * writes several; bus_fail_in() says of what. */
enum bus_status connection_fail(const PGconn *connection, struct bus_error *err);
void connection_done(PGconn **self_p);
void connection_result_done(PGresult **self_p);

#endif
