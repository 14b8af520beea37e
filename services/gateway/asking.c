/* See asking.h. A tag is a place in the table and how often that place was used, so that a late answer finds
 * nobody. */
#include "asking.h"

#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/scan.h"
#include "told.h"

#define ASKING_MAX   32768 /* every connection and adapter request, with what each may ask at a time */
#define PATIENCE_US  (10 * BUS_SECOND_US) /* longer than a service keeps a command waiting */
#define REPEAT_US    (2 * BUS_SECOND_US)  /* whoever asks knows what to answer else */
#define SERVICES_MAX 16

struct asked {
    answer_fn *then; /* NULL: the place is free */
    void *context;
    int64_t sent_us, patience_us;
    uint32_t uses;
    uint32_t next_free; /* place + 1 */
    size_t service;
    uint64_t asker; /* told.h's name of who asks; 0: nobody in particular */
    bool unsent;    /* could not be sent: answered at the next turn */
};

/* How long a service has been silent; after a silence libzmq may need a new connection. */
struct heard {
    char name[40];
    int64_t heard_us, connected_us;
    bool refused; /* our key, as was logged */
};

struct asking {
    struct bus_client *client;
    struct bus_arena *arena; /* of the answer at hand */
    struct asked *table;
    uint32_t n, first_free;
    size_t under_way, unsent_n;
    struct told *told;
    struct heard services[SERVICES_MAX];
    size_t services_n;
};

struct asking *asking_new(struct bus_client *client)
{
    struct asking *self = calloc(1, sizeof *self);
    struct asked *table = calloc(ASKING_MAX, sizeof *table);
    if (self == NULL || table == NULL)
        bus_die("out of memory: no room for requests under way");
    self->client = client;
    self->table = table;
    self->arena = bus_arena_new();
    self->told = told_new();
    return self;
}

void asking_free(struct asking **self_p)
{
    if (*self_p == NULL)
        return;
    bus_arena_free(&(*self_p)->arena);
    told_free(&(*self_p)->told);
    free((*self_p)->table);
    free(*self_p);
    *self_p = NULL;
}

static size_t service_find(struct asking *self, const char *name)
{
    for (size_t i = 0; i < self->services_n; i++)
        if (strcmp(self->services[i].name, name) == 0)
            return i;
    if (self->services_n == SERVICES_MAX)
        bus_die("more than %d services", SERVICES_MAX);
    struct heard *fresh = &self->services[self->services_n];
    size_t size = strnlen(name, sizeof fresh->name - 1);
    memcpy(fresh->name, name, size);
    return self->services_n++;
}

static struct asked *place_take(struct asking *self)
{
    struct asked *asked;
    if (self->first_free > 0) {
        asked = &self->table[self->first_free - 1];
        self->first_free = asked->next_free;
    } else if (self->n < ASKING_MAX) {
        asked = &self->table[self->n++];
    } else {
        return NULL;
    }
    asked->uses++;
    self->under_way++;
    return asked;
}

static void answer_give(struct asking *self, struct asked *asked, const struct answer *answer)
{
    answer_fn *then = asked->then;
    void *context = asked->context;
    self->unsent_n -= asked->unsent;
    asked->then = NULL;
    asked->next_free = self->first_free;
    self->first_free = (uint32_t)(asked - self->table) + 1;
    self->under_way--;
    then(context, answer);
}

static void ask(struct asking *self, uint64_t asker, const char *service, const struct bus_frames *request,
                answer_fn *then, void *context)
{
    struct asked *asked = place_take(self);
    if (asked == NULL)
        bus_die("more than %d requests under way: the edge let in too many", ASKING_MAX);
    uint64_t tag = (uint64_t)asked->uses << 32 | (uint64_t)(asked - self->table);
    struct bus_error err = {0};
    enum bus_status status = bus_client_send(self->client, service, tag, request, &err);
    asked->then = then;
    asked->context = context;
    asked->sent_us = bus_clock_monotonic_us();
    asked->patience_us = strcmp(request->verb, "REPEAT") == 0 ? REPEAT_US : PATIENCE_US;
    asked->service = service_find(self, service);
    asked->asker = asker;
    asked->unsent = status != BUS_OK;
    self->unsent_n += asked->unsent;
}

void asking_ask(struct asking *self, const char *service, const struct bus_frames *request, answer_fn *then,
                void *context)
{
    ask(self, 0, service, request, then, context);
}

/* ---- answers */

static void read_faults(struct bus_bytes map, struct answer *answer)
{
    struct bus_cursor at;
    uint32_t n = 0;
    if (!bus_cursor_get(map, "faults", &at) || !bus_cursor_array(&at, &n))
        return;
    answer->faults.items = bus_alloc_array(answer->arena, n, sizeof *answer->faults.items);
    for (struct bus_bytes fault; n > 0 && bus_cursor_raw(&at, &fault); n--)
        answer->faults.items[answer->faults.n++] =
            (struct bus_fault){.pointer = bus_cursor_get_text(fault, "pointer", answer->arena, ""),
                               .text = bus_cursor_get_text(fault, "text", answer->arena, "")};
    answer->faults.found = answer->faults.n;
}

/* What a service's ERR says, in the runbook's words where it has them: they are shown to whoever asked over
 * HTTP. What is refused to our key is nothing that they can mend. */
static const struct error {
    const char *word;
    enum bus_status status;
    const char *code, *text; /* `text` NULL: its own */
} errors[] = {
    {"BUSY", BUS_RETRY, "BUS-NOT-READY", NULL},
    {"AWAY", BUS_RETRY, "BUS-AWAY", NULL},
    {"DENIED", BUS_RETRY, "BUS-DENIED", "the gateway's own key is refused this: tell the operator"},
    {"TRIMMED", BUS_NOT_FOUND, "", NULL},
    {"DIVERGED", BUS_CONFLICT, "BUS-DIVERGED", NULL},
};

static void read_error(struct answer *answer, const char *word)
{
    answer->status = BUS_INVALID;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (strcmp(errors[i].word, word) == 0) {
            answer->status = errors[i].status;
            answer->code = errors[i].code;
            answer->text = errors[i].text != NULL ? errors[i].text : answer->text;
        }
}

static void read_answer(const struct bus_frames *frames, struct answer *answer)
{
    struct bus_bytes first = frames->body_n > 0 ? frames->body[0] : bus_bytes(NULL, 0);
    answer->verb = frames->verb;
    if (bus_scan_map(first, &bus_scan_batch, NULL) != BUS_OK) {
        answer->status = BUS_BUG;
        answer->text = "the answer is no message";
        return;
    }
    answer->data = first;
    bool reply = strcmp(frames->verb, "REPLY") == 0;
    if (!reply && strcmp(frames->verb, "ERR") != 0)
        return;
    answer->text = bus_cursor_get_text(first, "text", answer->arena, "");
    if (!reply) {
        read_error(answer, bus_cursor_get_text(first, "code", answer->arena, ""));
        return;
    }
    answer->code = bus_cursor_get_text(first, "code", answer->arena, "");
    answer->status = bus_status_from_name(bus_cursor_get_text(first, "status", answer->arena, ""));
    (void)bus_cursor_get_int(first, "seq", &answer->seq);
    read_faults(first, answer);
    answer->data = frames->body_n > 1 ? frames->body[1] : bus_bytes(NULL, 0);
    if (answer->status == BUS_OK && bus_scan_map(answer->data, &bus_scan_batch, NULL) != BUS_OK)
        answer->status = BUS_BUG;
}

/* NULL also where another answers than was asked: tags are easy to guess. */
static struct asked *asked_find(struct asking *self, const char *service, uint64_t tag)
{
    uint32_t place = (uint32_t)tag, uses = (uint32_t)(tag >> 32);
    if (place >= self->n || self->table[place].uses != uses || self->table[place].then == NULL ||
        strcmp(self->services[self->table[place].service].name, service) != 0)
        return NULL;
    return &self->table[place];
}

static void answer_unsent(struct asking *self)
{
    for (uint32_t i = 0; self->unsent_n > 0 && i < self->n; i++)
        if (self->table[i].then != NULL && self->table[i].unsent)
            answer_give(self, &self->table[i],
                        &(struct answer){.status = BUS_RETRY, .text = "", .code = "", .arena = self->arena});
}

bool asking_take(struct asking *self)
{
    bool any = self->unsent_n > 0;
    const char *service;
    uint64_t tag = 0;
    struct bus_frames frames;
    answer_unsent(self);
    while (bus_client_receive(self->client, 0, self->arena, &service, &tag, &frames, NULL) == BUS_OK) {
        struct asked *asked = asked_find(self, service, tag);
        any = true;
        if (asked != NULL) {
            struct answer answer = {.text = "", .code = "", .arena = self->arena};
            self->services[asked->service].heard_us = bus_clock_monotonic_us();
            self->services[asked->service].refused = false;
            read_answer(&frames, &answer);
            if (asked->asker != 0 && answer.seq > 0)
                told_note(self->told, asked->asker, self->services[asked->service].name, answer.seq);
            answer_give(self, asked, &answer);
        }
        bus_arena_reset(self->arena);
    }
    return any;
}

static void give_up(struct asking *self, struct asked *asked)
{
    answer_give(self, asked,
                &(struct answer){
                    .status = BUS_RETRY, .timed_out = true, .text = "", .code = "", .arena = self->arena});
}

/* Once per silence: everything sent before the new connection is lost with the old one. */
static void begin_anew(struct asking *self, const struct asked *asked, int64_t now_us)
{
    struct heard *service = &self->services[asked->service];
    if (service->heard_us >= asked->sent_us || service->connected_us >= asked->sent_us)
        return;
    if (bus_client_refused(self->client, service->name) && !service->refused) {
        bus_log_error("BUS-DENIED: %s refuses our key: put allowed/gateway.pub into its key folder",
                      service->name);
        service->refused = true;
    }
    if (bus_client_reconnect(self->client, service->name, NULL) == BUS_OK)
        service->connected_us = now_us;
}

void asking_expire(struct asking *self)
{
    int64_t now_us = bus_clock_monotonic_us();
    for (uint32_t i = 0; self->under_way > 0 && i < self->n; i++) {
        struct asked *asked = &self->table[i];
        if (asked->then == NULL || now_us - asked->sent_us < asked->patience_us)
            continue;
        if (asked->patience_us == PATIENCE_US) /* else others still wait for what they sent */
            begin_anew(self, asked, now_us);
        give_up(self, asked);
    }
}

void asking_end(struct asking *self)
{
    for (uint32_t i = 0; self != NULL && i < self->n; i++)
        if (self->table[i].then != NULL)
            give_up(self, &self->table[i]);
}

/* ---- messages of a type */

static void request(struct asking *self, const char *verb, const struct bus_type *type,
                    const struct bus_header *given, struct bus_bytes data, answer_fn *then, void *context)
{
    AUTO(bus_buffer_done) struct bus_buffer head = {0};
    struct bus_header header = given != NULL ? *given : (struct bus_header){0};
    struct bus_error err = {0};
    char id[BUS_ID_TEXT];
    int64_t now_us = bus_clock_wall_us();
    bus_id_format(bus_id_random(now_us), id);
    if (header.id == NULL)
        header.id = id;
    header.source = "/gateway";
    header.type = type->type;
    header.time_us = now_us;
    uint64_t asker = header.actor != NULL ? told_name(self->told, header.actor) : 0;
    if (bus_header_encode(&header, &head, &err) != BUS_OK)
        bus_die("a header of the edge cannot be written: %s", err.text);
    struct bus_frames frames = {.verb = verb, .body = {bus_buffer_bytes(&head), data}, .body_n = 2};
    ask(self, asker, type->service, &frames, then, context);
}

void asking_after_told(const struct asking *self, struct bus_header *header)
{
    if (header->actor != NULL)
        told_put(self->told, told_name(self->told, header->actor), header);
}

void asking_request(struct asking *self, const struct bus_type *type, const struct bus_header *header,
                    struct bus_bytes data, answer_fn *then, void *context)
{
    request(self, type->kind == BUS_TYPE_COMMAND ? "COMMAND" : "QUERY", type, header, data, then, context);
}

void asking_repeat(struct asking *self, const struct bus_type *type, const struct bus_header *header,
                   struct bus_bytes data, answer_fn *then, void *context)
{
    request(self, "REPEAT", type, header, data, then, context);
}

const void *answer_decode(const struct answer *answer, const struct bus_type *type)
{
    void *value = NULL;
    return bus_decode(type->reply, answer->data, true, answer->arena, &value, NULL, NULL) == BUS_OK ? value
                                                                                                    : NULL;
}

void asking_metrics(const struct asking *self, struct bus_buffer *out)
{
    bus_buffer_printf(out,
                      "# HELP koppel_edge_asking requests to services under way\n"
                      "# TYPE koppel_edge_asking gauge\nkoppel_edge_asking %zu\n",
                      self->under_way);
}
