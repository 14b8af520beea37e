/* See stream_query.h. */
#include "stream_query.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "streams.h"

#define PAGE_DEFAULT 100
#define PAGE_MAX     1000

static bool read_number(const char *text, int64_t least, int64_t most, int64_t *ret)
{
    char *end;
    if (text == NULL)
        return true;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || value < least || value > most)
        return false;
    *ret = value;
    return true;
}

/* A number, or the epoch it was written in, a colon and the number. */
static bool read_position(const char *text, struct bus_arena *arena, struct stream_query *ret)
{
    const char *colon = text != NULL ? strchr(text, ':') : NULL;
    if (text == NULL)
        return true;
    ret->epoch = 0;
    if (colon == NULL)
        return read_number(text, 0, INT64_MAX, &ret->after);
    return read_number(bus_printf(arena, "%.*s", (int)(colon - text), text), 1, INT64_MAX, &ret->epoch) &&
           read_number(colon + 1, 0, INT64_MAX, &ret->after);
}

static bool read_after(const char *text, struct bus_arena *arena, struct stream_query *ret)
{
    if (text == NULL || strcmp(text, "end") != 0)
        return read_position(text, arena, ret);
    ret->after = STREAM_END;
    return true;
}

static const char *service_of(const char *name)
{
    for (size_t i = 0; name != NULL && i < STREAMS; i++)
        if (strcmp(stream_names[i].service, name) == 0)
            return stream_names[i].service;
    return NULL;
}

static const char *services_list(struct bus_arena *arena)
{
    const char *list = stream_names[0].service;
    for (size_t i = 1; i < STREAMS; i++)
        list = bus_printf(arena, "%s, %s", list, stream_names[i].service);
    return list;
}

static bool refuse_parameter(struct call *call, const char *pointer, const char *text)
{
    struct bus_faults faults = {0};
    input_fault(&faults, call->arena, pointer, "%s", text);
    call_problem(call, 422, &faults, "%s", text);
    return false;
}

static const char *const known[] = {"stream", "after", "limit"};
#define KNOWN (sizeof known / sizeof *known)

struct parameters {
    size_t given[KNOWN]; /* how often */
    const char *unknown;
};

static enum MHD_Result count(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct parameters *self = context;
    (void)kind, (void)value;
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i], name) == 0) {
            self->given[i]++;
            return MHD_YES;
        }
    self->unknown = name;
    return MHD_NO;
}

/* Of two values one would be passed over without a word. */
static bool check_names(struct call *call)
{
    struct parameters all = {.unknown = NULL};
    MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, count, &all);
    if (all.unknown != NULL)
        return refuse_parameter(call, input_place(call->arena, "", all.unknown),
                                "is not known here; there are stream, after, limit");
    for (size_t i = 0; i < KNOWN; i++)
        if (all.given[i] > 1)
            return refuse_parameter(call, input_place(call->arena, "", known[i]),
                                    bus_printf(call->arena, "%s is given twice", known[i]));
    return true;
}

bool stream_query_read(struct call *call, struct stream_query *ret)
{
    if (!check_names(call))
        return false;
    const char *accept = call_header(call, "Accept"), *seen = call_header(call, "Last-Event-ID");
    struct stream_query query = {.service = service_of(call_query(call, "stream")),
                                 .live = accept != NULL && strstr(accept, "text/event-stream") != NULL};
    query.limit = query.live ? PAGE_MAX : PAGE_DEFAULT;
    if (query.service == NULL)
        return refuse_parameter(call, "/stream",
                                bus_printf(call->arena, "name the stream: %s", services_list(call->arena)));
    if (!read_after(call_query(call, "after"), call->arena, &query) ||
        (query.live && !read_position(seen, call->arena, &query)))
        return refuse_parameter(call, "/after",
                                "after, and Last-Event-ID, is the last Koppel-Next or id, or the last number "
                                "seen: 0 or more; after may also be `end`");
    if (!read_number(call_query(call, "limit"), 1, PAGE_MAX, &query.limit))
        return refuse_parameter(call, "/limit", bus_printf(call->arena, "limit is 1 to %d", PAGE_MAX));
    *ret = query;
    return true;
}
