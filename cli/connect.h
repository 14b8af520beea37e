/* Opens a client of a running stack with the command line's own key. The stack is that of a folder, or one
 * that other tools started, such as containers, told of by the environment. */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include "bus/client.h"
#include "stack/layout.h"

#define CONNECT_PEERS "KOPPEL_PEERS"    /* as BUS_PEERS */
#define CONNECT_KEYS  "KOPPEL_KEYS_DIR" /* the folder of koppel.key and allowed/ */
#define CONNECT_DOOR  "KOPPEL_DOOR"     /* the gateway's door for events: tcp://gateway:8081 */

/* With KOPPEL_PEERS set and no other folder named than the default: the services told there; else as
 * stack_open. */
BUS_CHECKED enum bus_status connect_find(const char *dir, struct stack **ret_stack, struct bus_error *err);
/* Where its services are. BUS_RETRY when no stack runs there. They live as long as the stack. */
BUS_CHECKED enum bus_status connect_services(const struct stack *stack, struct bus_endpoint **ret,
                                             size_t *ret_n, struct bus_error *err);
/* A client that knows one service, `gateway`, by its door for events. BUS_RETRY when no stack runs there. */
BUS_CHECKED enum bus_status connect_door(const struct stack *stack, struct bus_client **ret_client,
                                         struct bus_error *err);
/* BUS_RETRY when no stack runs there. Close it with bus_client_close. */
BUS_CHECKED enum bus_status connect_stack(const struct stack *stack, struct bus_client **ret_client,
                                          struct bus_error *err);

#endif
