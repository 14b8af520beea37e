/* See call.h: its memory, what it was sent, and what it asks. */
#include "call.h"

#include <string.h>

struct call *call_new(struct edge *edge, struct MHD_Connection *connection)
{
    struct bus_arena *arena = bus_arena_new();
    struct call *call = bus_alloc(arena, sizeof *call);
    *call = (struct call){
        .edge = edge, .arena = arena, .connection = connection, .began_us = bus_clock_monotonic_us()};
    return call;
}

static void call_free(struct call *call)
{
    struct bus_arena *arena = call->arena;
    bus_buffer_done(&call->body);
    if (call->feed != NULL)
        bus_buffer_done(&call->feed->buffer);
    if (call->response != NULL) /* who asked has left before it was given */
        MHD_destroy_response(call->response);
    bus_arena_free(&arena);
}

void call_end(struct call *call)
{
    call->over = true;
    if (call->feed != NULL && call->feed->gone != NULL)
        call->feed->gone(call);
    if (!call->asking)
        call_free(call);
}

/* ---- what was sent */

const char *call_header(const struct call *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

const char *call_query(const struct call *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, name);
}

bool call_knows(const struct call *call, const char *etag)
{
    const char *known = call_header(call, "If-None-Match");
    return known != NULL && (strcmp(known, "*") == 0 || strstr(known, etag) != NULL);
}

const char *call_type(const struct call *call)
{
    const char *type = call_header(call, "Content-Type");
    if (type == NULL)
        return "";
    size_t n = strcspn(type, "; \t");
    char *word = bus_strndup(call->arena, type, n);
    for (char *c = word; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return word;
}

/* ---- asking */

static void on_answer(void *context, const struct answer *answer)
{
    struct call *call = context;
    call->asking = false;
    if (call->over)
        call_free(call);
    else
        call->then(call, answer);
}

static void begin_asking(struct call *call, answer_fn *then)
{
    if (call->asking)
        bus_die("a call asks one thing at a time");
    call->asking = true;
    call->then = then;
}

void call_ask(struct call *call, const char *service, const struct bus_frames *request, answer_fn *then)
{
    begin_asking(call, then);
    asking_ask(call->edge->asking, service, request, on_answer, call);
}

void call_request(struct call *call, const struct bus_type *type, const struct bus_header *header,
                  struct bus_bytes data, answer_fn *then)
{
    struct bus_header own = header != NULL ? *header : (struct bus_header){0};
    begin_asking(call, then);
    asking_after_told(call->edge->asking, &own);
    asking_request(call->edge->asking, type, &own, data, on_answer, call);
}

void call_repeat(struct call *call, const struct bus_type *type, const struct bus_header *header,
                 struct bus_bytes data, answer_fn *then)
{
    begin_asking(call, then);
    asking_repeat(call->edge->asking, type, header, data, on_answer, call);
}
