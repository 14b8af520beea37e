/* A command's connection to a running stack, and small things every command that talks to it needs. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <jansson.h>
#include <stdlib.h>

#include "bus/client.h"
#include "stack/layout.h"

struct session {
    struct stack *stack;
    struct bus_client *client;
    struct bus_endpoint *services; /* of the stack; live as long as it */
    size_t services_n;
    struct bus_arena *arena;
    int patience_ms;                       /* how long an answer may take */
    bool missing;                          /* a service did not answer session_try() */
    struct bus_after after[BUS_AFTER_MAX]; /* what is called is called after these; see heads.h */
    size_t after_n;
};

BUS_CHECKED enum bus_status session_open(const char *dir, struct session *ret_session, struct bus_error *err);
void session_close(struct session *self); /* usable with AUTO; accepts a zeroed one */

/* Asks an ADMIN or another verb with a JSON object; the answer as JSON, to be given back by json_decref. */
BUS_CHECKED enum bus_status session_ask(struct session *self, const char *service, const char *verb,
                                        const json_t *body, json_t **ret_answer, struct bus_error *err);
/* The same, for commands that ask all services: one that is away is named on stderr, *ret_answer is NULL, and
 * `missing` set. session_whole() is the error to end with when that happened. */
BUS_CHECKED enum bus_status session_try(struct session *self, const char *service, const char *verb,
                                        const json_t *body, json_t **ret_answer, struct bus_error *err);
BUS_CHECKED enum bus_status session_whole(const struct session *self, struct bus_error *err);
/* A command or a query, as JSON both ways. `id` may be NULL. A refusal is an error with all faults in its
 * text. */
BUS_CHECKED enum bus_status session_call(struct session *self, const struct bus_type *type, const char *id,
                                         const json_t *data, json_t **ret_reply, struct bus_error *err);
/* Whether that command was done before under that id: then its answer. What was done stays so, whatever rules
 * it breaks by now; session_call() asks this before it refuses. */
bool session_repeat(struct session *self, const struct bus_type *type, const char *id, const json_t *data,
                    json_t **ret_reply);
/* `from` is a JSON object as it stands, a file, or "-" for standard input; at most 1 MiB. */
BUS_CHECKED enum bus_status session_read_json(const char *from, json_t **ret_json, struct bus_error *err);
/* Prints JSON on standard output: indented for people, one line otherwise. */
void session_print(const json_t *json);

#endif
