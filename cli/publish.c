/* koppel publish: CloudEvents, one JSON object a line; an acknowledgement a line. They go through the
 * gateway's door, as an adapter's do, so the same rules and conveniences hold for both. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/codec.h"
#include "cli.h"
#include "connect.h"

#define PATIENCE_MS 30000

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
static enum bus_status pack_event(const char *line, size_t size, struct bus_buffer *out,
                                  struct bus_error *err)
{
    json_error_t where;
    json_t *event = json_loadb(line, size, JSON_REJECT_DUPLICATES, &where),
           *data = json_object_get(event, "data");
    enum bus_status status = BUS_OK;
    if (event == NULL)
        status = bus_fail(err, BUS_INVALID, "column %d: %s", where.column, where.text);
    else if (!json_is_object(data))
        status = bus_fail(err, BUS_INVALID, "is no CloudEvent with a data object");
    if (status == BUS_OK) {
        json_incref(data);
        json_object_del(event, "data");
        json_t *pair = json_pack("[{s:O, s:o}]", "header", event, "data", data);
        char *text = json_dumps(pair, JSON_COMPACT);
        status = bus_json_to_msgpack(bus_bytes_of(text), &bus_scan_command, out, err);
        free(text);
        json_decref(pair);
    }
    json_decref(event);
    return status;
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

static enum bus_status publish_line(struct door *door, const char *line, size_t size, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    struct bus_frames answer;
    bus_arena_reset(door->arena);
    enum bus_status status = pack_event(line, size, &body, err);
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

static int publish_all(struct door *door, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    long number = 0, failed = 0;
    for (ssize_t size; (size = getline(&line, &room, file)) >= 0;) {
        struct bus_error err = {0};
        number++;
        if (strspn(line, " \t\r\n") == (size_t)size)
            continue;
        if (publish_line(door, line, (size_t)size, &err) == BUS_OK)
            continue;
        failed++;
        fprintf(stderr, "koppel publish: line %ld: %s\n", number, err.text);
        if (err.status == BUS_RETRY)
            break;
    }
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
