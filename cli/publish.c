/* koppel publish: CloudEvents in JSON, one after the other; an acknowledgement a line. They go through the
 * gateway's door, as an adapter's do, so the same rules and conveniences hold for both. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/codec.h"
#include "bus/cursor.h"
#include "bus/pack.h"
#include "cli.h"
#include "connect.h"

#define PATIENCE_MS     30000
#define EVENT_BYTES_MAX (1024 * 1024) /* what is longer is refused as it is */

struct door {
    struct stack *stack;
    struct bus_client *client;
    struct bus_arena *arena;
};

static void door_close(struct door *self)
{
    bus_client_close(&self->client);
    stack_close(&self->stack);
    bus_arena_free(&self->arena);
}

static enum bus_status door_open(const char *dir, struct door *ret, struct bus_error *err)
{
    ret->arena = bus_arena_new();
    enum bus_status status = connect_find(dir, &ret->stack, err);
    return status == BUS_OK ? connect_door(ret->stack, &ret->client, err) : status;
}

/* A CloudEvent becomes the array of one {header, data} that the door takes. */
static enum bus_status pack_event(struct bus_bytes json, struct bus_buffer *out, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer event = {0};
    struct bus_cursor at;
    struct bus_bytes data;
    enum bus_status status = bus_json_to_msgpack(json, &bus_scan_command, &event, err);
    if (status != BUS_OK)
        return status;
    at = bus_cursor(bus_buffer_bytes(&event));
    if (bus_cursor_peek(&at) == BUS_WIRE_ARRAY)
        return bus_fail(err, BUS_INVALID,
                        "is a list: give its events one after the other, without [ ] and the commas between");
    if (bus_cursor_peek(&at) != BUS_WIRE_MAP || !bus_cursor_get(bus_buffer_bytes(&event), "data", &at) ||
        bus_cursor_peek(&at) != BUS_WIRE_MAP || !bus_cursor_raw(&at, &data))
        return bus_fail(err, BUS_INVALID, "is no CloudEvent with a data object");
    bus_pack_array(out, 1);
    bus_pack_map(out, 2);
    bus_pack_text(out, "header");
    bus_pack_map_without(out, bus_buffer_bytes(&event), "data");
    bus_pack_text(out, "data");
    bus_pack_raw(out, data);
    return BUS_OK;
}

static json_t *to_json(struct bus_bytes msgpack)
{
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    if (bus_scan(msgpack, &bus_scan_batch, NULL) != BUS_OK ||
        bus_msgpack_to_json(msgpack, &text, NULL) != BUS_OK)
        return NULL;
    return json_loadb((const char *)text.data, text.size, JSON_DECODE_ANY, NULL);
}

/* A refusal: an array of maps, one for each fault. */
static enum bus_status refusal(const json_t *faults, struct bus_error *err)
{
    const char *word = json_string_value(json_object_get(json_array_get(faults, 0), "status"));
    enum bus_status status = bus_fail(err, word != NULL ? bus_status_from_name(word) : BUS_BUG, "refused");
    size_t i, used = 0;
    json_t *fault;
    json_array_foreach(faults, i, fault)
    {
        const char *pointer = json_string_value(json_object_get(fault, "pointer"));
        const char *text = json_string_value(json_object_get(fault, "text"));
        if (used < sizeof err->text)
            used += (size_t)snprintf(err->text + used, sizeof err->text - used, "%s%s%s%s", i > 0 ? "; " : "",
                                     pointer ? pointer : "", pointer ? " " : "", text ? text : "");
    }
    return status;
}

static enum bus_status publish_event(struct door *door, struct bus_bytes json, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    struct bus_frames answer;
    bus_arena_reset(door->arena);
    enum bus_status status = pack_event(json, &body, err);
    struct bus_frames request = {.verb = "PUBLISH", .body = {bus_buffer_bytes(&body)}, .body_n = 1};
    if (status == BUS_OK)
        status = bus_client_ask(door->client, "gateway", &request, PATIENCE_MS, door->arena, &answer, err);
    if (status != BUS_OK)
        return status;
    json_t *reply = answer.body_n == 1 ? to_json(answer.body[0]) : NULL;
    if (reply == NULL) {
        status = bus_fail(err, BUS_BUG, "the gateway's answer cannot be read");
    } else if (strcmp(answer.verb, "ACK") != 0) {
        status = refusal(reply, err);
    } else {
        char *text = json_dumps(json_array_get(reply, 0), JSON_COMPACT | JSON_PRESERVE_ORDER);
        printf("%s\n", text);
        free(text);
    }
    json_decref(reply);
    return status;
}

/* One event: a line, or the lines up to where its last bracket closes. */
struct gathered {
    struct bus_buffer text;
    long line; /* where it begins */
    long open; /* brackets */
};

/* A text does not go on over the end of a line. */
static void gather(struct gathered *self, const char *line, size_t size)
{
    bool in_text = false;
    for (size_t i = 0; i < size; i++) {
        if (in_text && line[i] == '\\')
            i++;
        else if (line[i] == '"')
            in_text = !in_text;
        else if (!in_text && (line[i] == '{' || line[i] == '['))
            self->open++;
        else if (!in_text && (line[i] == '}' || line[i] == ']'))
            self->open--;
    }
    bus_buffer_add(&self->text, line, size);
}

/* False when it is of no use to go on. */
static bool publish_gathered(struct door *door, struct gathered *self, long *failed)
{
    struct bus_error err = {0};
    enum bus_status status =
        self->text.size > 0 ? publish_event(door, bus_buffer_bytes(&self->text), &err) : BUS_OK;
    bus_buffer_clear(&self->text);
    self->open = 0;
    if (status == BUS_OK)
        return true;
    (*failed)++;
    fprintf(stderr, "koppel publish: line %ld: %s\n", self->line, err.text);
    return status != BUS_RETRY;
}

static void gathered_done(struct gathered *self)
{
    bus_buffer_done(&self->text);
}

/* A bracket at the beginning of a line begins an event, so that one torn line costs no other. */
static int publish_all(struct door *door, FILE *file)
{
    AUTO(gathered_done) struct gathered event = {0};
    char *line = NULL;
    size_t room = 0;
    long number = 0, failed = 0;
    bool going = true;
    for (ssize_t size; going && (size = getline(&line, &room, file)) >= 0;) {
        number++;
        if (line[0] == '{')
            going = publish_gathered(door, &event, &failed);
        if (!going || (event.text.size == 0 && strspn(line, " \t\r\n") == (size_t)size))
            continue;
        if (event.text.size == 0)
            event.line = number;
        gather(&event, line, (size_t)size);
        if (event.open <= 0 || event.text.size > EVENT_BYTES_MAX)
            going = publish_gathered(door, &event, &failed);
    }
    if (going)
        (void)publish_gathered(door, &event, &failed);
    free(line);
    if (ferror(file))
        return cli_fail("cannot read on after line %ld: %s", number, strerror(errno));
    return failed == 0 ? CLI_DONE : CLI_FAILED;
}

int publish_run(int argc, char **argv)
{
    const char *dir;
    if (!cli_dir(argc, argv, 1, &dir))
        return CLI_WRONG;
    struct bus_error err = {0};
    AUTO(door_close) struct door door = {0};
    const char *path = optind < argc ? argv[optind] : "-";
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL)
        return cli_fail("cannot read %s: %s", path, strerror(errno));
    int result = door_open(dir, &door, &err) == BUS_OK ? publish_all(&door, file) : cli_fail_with(&err);
    if (file != stdin)
        fclose(file);
    return result;
}
