/* Koppel's writer, as a partner's program would drive it: commands over CURVE to a service that says the
 * events, answers awaited as a window. The reader is a service that keeps a row for each. The key is that of
 * the MiniStack's operator, in BUS_KEYS_DIR. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/client.h"
#include "bus/clock.h"
#include "bus/cursor.h"
#include "contestant.h"
#include "schema/source.h"

#define PER_COMMAND 1000
#define UNANSWERED  6 /* commands under way, where they need not be paced */
#define WAIT_MS     60000
#define FILLING     220 /* with names, subject, number and mark: EVENT_BYTES */

struct koppel {
    struct bus_client *client;
    struct bus_arena *arena;
    bool paced;
    uint64_t sent, answered;
};

static void check(enum bus_status status, const struct bus_error *err)
{
    if (status != BUS_OK)
        bus_die("koppel: %s", err->text);
}

/* Takes the answers that are there, and waits while more than that many are missing. */
static void take_answers(struct koppel *self, uint64_t most_left)
{
    for (;;) {
        struct bus_error err = {0};
        struct bus_frames answer;
        const char *service;
        uint64_t tag;
        int wait_ms = self->sent - self->answered > most_left ? WAIT_MS : 0;
        enum bus_status status =
            bus_client_receive(self->client, wait_ms, self->arena, &service, &tag, &answer, &err);
        if (status == BUS_RETRY && wait_ms == 0)
            break;
        check(status, &err);
        const char *word = bus_cursor_get_text(answer.body[0], "status", self->arena, "");
        if (strcmp(answer.verb, "REPLY") != 0 || strcmp(word, "ok") != 0)
            bus_die("koppel: %s: %s", answer.verb,
                    bus_cursor_get_text(answer.body[0], "text", self->arena, word));
        self->answered++;
    }
    bus_arena_reset(self->arena);
}

static void command(struct koppel *self, size_t n)
{
    AUTO(bus_buffer_done) struct bus_buffer head = {0};
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    struct bus_error err = {0};
    char id[BUS_ID_TEXT];
    bus_id_format(bus_id_random(bus_clock_wall_us()), id);
    struct bus_header header = {.id = id, .source = "/bench", .type = source_emit_type.type};
    struct source_emit emit = {.subject = "bench", .n = (int64_t)n, .has_bytes = true, .bytes = FILLING};
    check(bus_header_encode(&header, &head, &err), &err);
    check(bus_encode(source_emit_type.shape, &emit, &data, &err), &err);
    const struct bus_frames request = {
        .verb = "COMMAND", .body = {bus_buffer_bytes(&head), bus_buffer_bytes(&data)}, .body_n = 2};
    check(bus_client_send(self->client, "source", self->sent++, &request, &err), &err);
}

/* Connected once a command that says nothing is answered. */
static void *open_writer(const struct place *place, bool paced)
{
    struct koppel *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    char requests[64];
    snprintf(requests, sizeof requests, "tcp://%s:%d", place->host, place->port);
    const struct bus_endpoint source = {.service = "source", .events = requests, .requests = requests};
    const struct bus_client_config config = {
        .name = "koppel", .keys_dir = getenv("BUS_KEYS_DIR"), .services = &source, .services_n = 1};
    if (config.keys_dir == NULL)
        bus_die("koppel: BUS_KEYS_DIR must name the folder of keys");
    struct bus_error err = {0};
    check(bus_client_open(&config, &self->client, &err), &err);
    self->arena = bus_arena_new();
    self->paced = paced;
    command(self, 0);
    take_answers(self, 0);
    return self;
}

static void send_events(void *writer, const struct event *events, size_t n)
{
    (void)events;
    struct koppel *self = writer;
    size_t most = self->paced ? 1 : PER_COMMAND;
    for (size_t sent = 0, next; sent < n; sent += next) {
        next = n - sent < most ? n - sent : most;
        if (!self->paced)
            take_answers(self, UNANSWERED - 1);
        command(self, next);
    }
    if (self->paced)
        take_answers(self, UINT64_MAX);
}

static void close_writer(void *writer)
{
    struct koppel *self = writer;
    take_answers(self, 0);
    bus_client_close(&self->client);
    bus_arena_free(&self->arena);
    free(self);
}

const struct contestant contestant = {
    .open_writer = open_writer, .send = send_events, .close_writer = close_writer};
