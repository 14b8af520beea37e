/* Where everything of an embedded stack stands: its folder's paths, its ports, its services, and stack.json,
 * which keeps what was chosen at the first start. No sockets, no processes. */
#ifndef CLI_STACK_LAYOUT_H
#define CLI_STACK_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/status.h"

#define STACK_SERVICES     6
#define STACK_POSTGRES     "postgres" /* the word for the database in messages, logs and pid files */
#define STACK_OPERATOR     "koppel"   /* the command line's own key */
#define STACK_PORT_DEFAULT 8080
#define STACK_PORT_STEP    100 /* from one block of ports to the next */
#define STACK_PORT_MIN     1024
#define STACK_PORT_MAX     65400

/* In the order of their ports. */
extern const char *const stack_services[STACK_SERVICES + 1];
/* -1 for a name that is no service. */
int stack_service_index(const char *name);

struct stack {
    struct bus_arena *arena; /* owns the texts */
    const char *dir;         /* absolute, without symbolic links */
    const char *socket_dir;  /* of Postgres; NULL: not chosen yet */
    int port;                /* base of the block; 0: not chosen yet */
    bool conducted;          /* the services were started with clocks that a replay moves */
    bool mails;              /* its letters go to a mail server */
    const char *peers;       /* NULL: the services run here; else where they do, as in BUS_PEERS */
    const char *keys_dir;    /* NULL: keys/ of the folder */
};

/* The stack of a folder that exists, and of its stack.json if there is one. BUS_NOT_FOUND: no such folder.
 * BUS_INVALID: stack.json cannot be understood. */
BUS_CHECKED enum bus_status stack_open(const char *dir, struct stack **ret_stack, struct bus_error *err);
void stack_close(struct stack **self_p); /* usable with AUTO; accepts NULL */
/* Writes stack.json: whole or not at all. */
BUS_CHECKED enum bus_status stack_save(const struct stack *self, struct bus_error *err);

/* A path within the folder: stack_path(self, "log/%s.log", name). Lives as long as the stack. */
const char *stack_path(const struct stack *self, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Ports, from the base of the block. */
int stack_port_http(int base);
int stack_port_adapters(int base);
int stack_port_events(int base, int service);
int stack_port_requests(int base, int service);
int stack_port_health(int base, int service);
int stack_port_guard(int base); /* held by the supervisor: whose block this is */
#define STACK_PORTS_MAX (2 + 3 * STACK_SERVICES)
/* All but the guard; returns how many. */
size_t stack_ports(int base, int ports[STACK_PORTS_MAX]);

/* The last line of a text file that is not empty, at most 200 characters; "" when there is none. For telling
 * people what a log ended with. */
const char *stack_last_line(const char *path, struct bus_arena *arena);
/* The last one near its end that says why something failed; else the last one. What stands before `from`, in
 * bytes, is not looked at: it is of another start. */
const char *stack_reason(const char *path, int64_t from, struct bus_arena *arena);

#endif
