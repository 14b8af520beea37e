/* koppel publish: CloudEvents in JSON, one after the other; an acknowledgement a line. They go through the
 * gateway's door, as an adapter's do, so the same rules and conveniences hold for both. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "connect.h"
#include "publish/events_file.h"
#include "publish/letter.h"

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

static enum bus_status publish_event(struct door *door, struct bus_bytes json, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    struct bus_frames answer;
    const char *line = "";
    bus_arena_reset(door->arena);
    enum bus_status status = letter_pack(json, &body, err);
    struct bus_frames request = {.verb = "PUBLISH", .body = {bus_buffer_bytes(&body)}, .body_n = 1};
    if (status == BUS_OK)
        status = bus_client_ask(door->client, "gateway", &request, PATIENCE_MS, door->arena, &answer, err);
    if (status == BUS_OK)
        status = letter_answer(&answer, door->arena, &line, err);
    if (status == BUS_OK)
        printf("%s\n", line);
    return status;
}

static int publish_all(struct door *door, FILE *file)
{
    AUTO(events_file_done) struct events_file events = {.file = file};
    enum bus_status status = BUS_OK;
    long failed = 0;
    while (status != BUS_RETRY && events_file_next(&events)) {
        struct bus_error err = {0};
        status = publish_event(door, bus_buffer_bytes(&events.text), &err);
        if (status == BUS_OK)
            continue;
        failed++;
        fprintf(stderr, "koppel publish: line %ld: %s\n", events.line, err.text);
    }
    if (ferror(file))
        return cli_fail("cannot read on after line %ld: %s", events.number - 1, strerror(errno));
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
