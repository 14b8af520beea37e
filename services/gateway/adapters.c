/* See adapters.h. */
#include "adapters.h"

#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/keys.h"
#include "bus/pack.h"
#include "intake.h"
#include "publish.h"

#define UNDER_WAY_MAX 500

struct adapters {
    struct bus_server *server;
    struct edge *edge;
    struct bus_arena *spare; /* for the next request */
    struct letter *first;    /* under way */
    size_t under_way;
    uint64_t accepted, refused;
};

/* A request under way, in an arena of its own. */
struct letter {
    struct adapters *adapters;
    struct bus_arena *arena;
    struct bus_bytes route;
    struct intake intake;
    struct letter *next, *before;
};

struct adapters *adapters_new(struct bus_server *server, struct edge *edge)
{
    struct adapters *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory: no room for adapters");
    *self = (struct adapters){.server = server, .edge = edge, .spare = bus_arena_new()};
    return self;
}

static void letter_end(struct letter *letter)
{
    struct adapters *self = letter->adapters;
    struct bus_arena *arena = letter->arena;
    if (letter->before != NULL)
        letter->before->next = letter->next;
    else
        self->first = letter->next;
    if (letter->next != NULL)
        letter->next->before = letter->before;
    self->under_way--;
    bus_arena_free(&arena);
}

void adapters_free(struct adapters **self_p)
{
    if (*self_p == NULL)
        return;
    while ((*self_p)->first != NULL)
        letter_end((*self_p)->first);
    bus_server_close(&(*self_p)->server);
    bus_arena_free(&(*self_p)->spare);
    free(*self_p);
    *self_p = NULL;
}

int adapters_fd(const struct adapters *self)
{
    return bus_server_fd(self->server);
}

static void pack_error(struct bus_buffer *out, enum bus_status status, const char *pointer, const char *text)
{
    bus_pack_map(out, pointer != NULL ? 3 : 2);
    bus_pack_text(out, "status");
    bus_pack_text(out, bus_status_name(status));
    if (pointer != NULL) {
        bus_pack_text(out, "pointer");
        bus_pack_text(out, pointer);
    }
    bus_pack_text(out, "text");
    bus_pack_text(out, text);
}

/* One map for each fault, or one that says it all. */
static void reply_error(struct letter *letter, enum bus_status status, const char *text,
                        const struct bus_faults *faults)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    size_t n = faults != NULL ? faults->n : 0;
    letter->adapters->refused++;
    bus_pack_array(&out, n > 0 ? (uint32_t)n : 1);
    for (size_t i = 0; i < n; i++)
        pack_error(&out, status, faults->items[i].pointer, faults->items[i].text);
    if (n == 0)
        pack_error(&out, status, NULL, text);
    bus_server_reply(letter->adapters->server, letter->route, "ERR", bus_buffer_bytes(&out));
    letter_end(letter);
}

static void on_published(void *context, const struct answer *answer)
{
    struct letter *letter = context;
    struct bus_cursor at;
    struct bus_bytes acks;
    enum bus_status status = answer->status;
    const char *text = answer->text;
    if (status == BUS_OK && bus_cursor_get(answer->data, "acks", &at) && bus_cursor_raw(&at, &acks)) {
        letter->adapters->accepted++;
        bus_server_reply(letter->adapters->server, letter->route, "ACK", acks);
        letter_end(letter);
        return;
    }
    if (status == BUS_OK)
        status = BUS_BUG;
    if (status == BUS_RETRY && text[0] == '\0')
        text = "no answer came in time: send the same again";
    reply_error(letter, status, text, &answer->faults);
}

/* An adapter's key is given out by hand, to one partner: it may send all that adapters send, under its own
 * name, and within what its file grants. An operator's may speak for anyone, where its file does not say for
 * whom. */
static enum bus_status read_letter(struct letter *letter, const struct bus_server_request *request,
                                   struct bus_error *err)
{
    static const char *const everything[] = {"*"};
    bool is_operator = strcmp(request->role, BUS_ROLE_OPERATOR) == 0;
    struct who *who = bus_alloc(letter->arena, sizeof *who);
    *who = (struct who){.name =
                            is_operator ? "operator" : bus_printf(letter->arena, "adapter:%s", request->peer),
                        .scopes = everything,
                        .scopes_n = 1};
    if (!who_grant(who, request->grants, letter->arena))
        return bus_fail(err, BUS_DENIED,
                        "what your key grants cannot be read: ask the operator to look at its file");
    if (is_operator && who->sources_n == 0) {
        who->sources = everything;
        who->sources_n = 1;
    }
    return intake_msgpack(request->body[0], who, publish_latest_us(letter->adapters->edge), letter->arena,
                          &letter->intake, err);
}

static void publish_letter(struct letter *letter, const struct bus_server_request *request)
{
    struct bus_error err = {0};
    enum bus_status status = read_letter(letter, request, &err);
    if (status == BUS_OK || letter->intake.doubtful)
        status = publish(letter->adapters->edge, letter->arena, &letter->intake, on_published, letter, &err);
    else if (status == BUS_INVALID &&
             publish_refuse(letter->adapters->edge, letter->arena, &letter->intake, on_published, letter))
        return;
    if (status != BUS_OK)
        reply_error(letter, status, err.text, &letter->intake.faults);
}

static void take(struct adapters *self, struct bus_arena *arena, const struct bus_server_request *request)
{
    struct letter *letter = bus_alloc(arena, sizeof *letter);
    *letter = (struct letter){.adapters = self, .arena = arena, .route = request->route, .next = self->first};
    if (self->first != NULL)
        self->first->before = letter;
    self->first = letter;
    self->under_way++;
    if (strcmp(request->verb, "PUBLISH") != 0 || request->body_n != 1)
        reply_error(letter, BUS_INVALID,
                    "send an empty frame, PUBLISH, and one frame: an array of {header, data}", NULL);
    else if (self->under_way > UNDER_WAY_MAX)
        reply_error(letter, BUS_RETRY, "too many requests are under way: try again", NULL);
    else
        publish_letter(letter, request);
}

bool adapters_take(struct adapters *self)
{
    struct bus_server_request request;
    bool any = false;
    for (; bus_server_take(self->server, self->spare, &request); any = true) {
        struct bus_arena *arena = self->spare;
        self->spare = bus_arena_new();
        take(self, arena, &request);
    }
    return any;
}

void adapters_metrics(const struct adapters *self, struct bus_buffer *out)
{
    bus_buffer_printf(out,
                      "# HELP koppel_adapter_requests_total requests of adapters answered\n"
                      "# TYPE koppel_adapter_requests_total counter\n"
                      "koppel_adapter_requests_total{answer=\"ACK\"} %llu\n"
                      "koppel_adapter_requests_total{answer=\"ERR\"} %llu\n",
                      (unsigned long long)self->accepted, (unsigned long long)self->refused);
}
