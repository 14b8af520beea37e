/* What a route says: headers, bodies, problems, and bodies made while they are sent. */
#include "call.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "problem.h"

#define FEED_BLOCK 16384

/* Goes on with a call that was suspended. */
static void wake(struct call *call)
{
    if (!call->suspended)
        return;
    call->suspended = false;
    MHD_resume_connection(call->connection);
}

void call_set(struct call *call, const char *name, const char *value)
{
    if (call->headers_n == sizeof call->headers / sizeof *call->headers)
        bus_die("too many headers of a reply");
    call->headers[call->headers_n][0] = name;
    call->headers[call->headers_n++][1] = value;
}

static void answer(struct call *call, struct MHD_Response *response, unsigned status, const char *type,
                   size_t bytes)
{
    if (response == NULL)
        bus_die("out of memory: no room for a reply");
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    for (size_t i = 0; i < call->headers_n; i++)
        MHD_add_response_header(response, call->headers[i][0], call->headers[i][1]);
    if (MHD_get_response_header(response, "Cache-Control") == NULL)
        MHD_add_response_header(response, "Cache-Control", "no-store");
    if (call->response != NULL || call->status != 0)
        bus_die("a call is answered once");
    call->response = response;
    call->status = status;
    call->reply_bytes = bytes;
    wake(call);
}

static void reply(struct call *call, unsigned status, const char *type, struct bus_bytes body,
                  enum MHD_ResponseMemoryMode mode)
{
    static char nothing[1];
    void *data = body.size > 0 ? (void *)body.data : nothing; /* not written to */
    answer(call, MHD_create_response_from_buffer(body.size, data, mode), status, type, body.size);
}

void call_reply(struct call *call, unsigned status, const char *type, struct bus_bytes body)
{
    reply(call, status, type, body, MHD_RESPMEM_MUST_COPY);
}

void call_reply_constant(struct call *call, unsigned status, const char *type, struct bus_bytes body)
{
    reply(call, status, type, body, MHD_RESPMEM_PERSISTENT);
}

void call_reply_json(struct call *call, unsigned status, struct bus_bytes msgpack)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err;
    if (bus_msgpack_to_json(msgpack, &out, &err) != BUS_OK) {
        call_problem(call, 500, NULL, "the reply cannot be written as JSON");
        return;
    }
    bus_buffer_text(&out, "\n");
    call_reply(call, status, "application/json", bus_buffer_bytes(&out));
}

static void problem(struct call *call, unsigned status, const struct bus_faults *faults, const char *code,
                    const char *detail)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (status == 503)
        call_set(call, "Retry-After", "1");
    problem_write(&out, status, detail, code, faults);
    bus_buffer_text(&out, "\n");
    call_reply(call, status, "application/problem+json", bus_buffer_bytes(&out));
}

void call_problem(struct call *call, unsigned status, const struct bus_faults *faults, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *detail = bus_vprintf(call->arena, fmt, args);
    va_end(args);
    problem(call, status, faults, NULL, detail);
}

void call_refuse(struct call *call, const struct answer *refusal)
{
    unsigned status = refusal->timed_out ? 504 : problem_status(refusal->status);
    const char *text = bus_strdup(call->arena, refusal->text);
    if (refusal->timed_out)
        text = "no answer came in time: whether it was done is not known; send the same again, with the same "
               "ids";
    else if (status == 503 && text[0] == '\0')
        text = "the service is not there at the moment: try again";
    else if (status == 500)
        text = "the service failed at this; its log says why";
    else if (text[0] == '\0')
        text = "the service refused this and gave no reason";
    problem(call, status, &refusal->faults, refusal->code, text);
}

void call_pass(void *context, const struct answer *answer)
{
    struct call *call = context;
    if (answer->status == BUS_OK)
        call_reply_json(call, 200, answer->data);
    else
        call_refuse(call, answer);
}

/* ---- bodies made while they are sent */

static ssize_t feed_read(void *context, uint64_t position, char *out, size_t most)
{
    struct call *call = context;
    struct feed *feed = call->feed;
    (void)position;
    if (feed->sent == feed->buffer.size && !feed->ended && !feed->failed) {
        bus_buffer_clear(&feed->buffer);
        feed->sent = 0;
        feed->hungry(call);
    }
    size_t n = feed->buffer.size - feed->sent;
    if (n > 0) {
        n = n < most ? n : most;
        memcpy(out, feed->buffer.data + feed->sent, n);
        feed->sent += n;
        return (ssize_t)n;
    }
    if (feed->failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (feed->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    feed->waiting = true;
    call->suspended = true;
    MHD_suspend_connection(call->connection);
    return 0;
}

static void feed_wake(struct call *call)
{
    call->feed->waiting = false;
    wake(call);
}

void feed_add(struct call *call, const void *data, size_t size)
{
    bus_buffer_add(&call->feed->buffer, data, size);
    if (call->feed->waiting)
        feed_wake(call);
}

void feed_end(struct call *call, bool whole)
{
    call->feed->ended = whole;
    call->feed->failed = !whole;
    if (call->feed->waiting)
        feed_wake(call);
}

void call_feed(struct call *call, const char *type, uint64_t size, route_fn *hungry, route_fn *gone)
{
    call->feed = bus_alloc(call->arena, sizeof *call->feed);
    call->feed->hungry = hungry;
    call->feed->gone = gone;
    struct MHD_Response *response =
        MHD_create_response_from_callback(size, FEED_BLOCK, feed_read, call, NULL);
    if (call->bodiless && response != NULL) /* else a last chunk is sent where no body may be */
        MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    answer(call, response, 200, type, 0);
}
