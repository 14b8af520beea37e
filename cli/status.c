/* koppel status: asks every service at once, waits a little, shows who answered what. */
#include "status.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "cli.h"
#include "connect.h"
#include "stack/process.h"

#define ANSWER_PATIENCE_US (2 * BUS_SECOND_US)

static const struct bus_scan_limits limits = {.max_bytes = BUS_DATA_BYTES, .max_depth = 8, .max_items = 4096};

/* Adds what a service answered to its row; a service that answers something else is as one that does not. */
static void answer_add(json_t *row, const struct bus_frames *answer)
{
    AUTO(bus_buffer_done) struct bus_buffer text = {0};
    struct bus_error err;
    if (strcmp(answer->verb, "STATUS") != 0 || answer->body_n < 1 ||
        bus_scan_map(answer->body[0], &limits, &err) != BUS_OK ||
        bus_msgpack_to_json(answer->body[0], &text, &err) != BUS_OK)
        return;
    json_t *fields = json_loadb((const char *)text.data, text.size, 0, NULL);
    if (json_is_object(fields))
        json_object_update(row, fields);
    json_decref(fields);
}

/* Said where a service does not answer because it does not let us in. */
static void refusals_tell(struct bus_client *client, json_t *rows, struct bus_arena *arena)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *name = stack_services[i];
        if (json_object_get(row, "head") || !bus_client_refused(client, name))
            continue;
        json_object_set_new(row, "state", json_string("denied"));
        json_object_set_new(
            row, "need",
            json_string(bus_printf(arena, "BUS-DENIED: it refuses the key of koppel: put allowed/koppel.pub "
                                          "into its key folder; see the runbook")));
    }
}

static json_t *row_new(const struct stack *stack, int service)
{
    const char *name = stack_services[service];
    bool lives = stack->peers || process_recorded(stack_path(stack, "run/%s.pid", name)) > 0;
    return json_pack("{s:s, s:s}", "service", name, "state", lives ? "no answer" : "not running");
}

/* Nothing can be sent where no address is known, or no public key; without it the others shut it out, too. */
static void unasked_tell(json_t *row, const struct bus_error *err, struct bus_arena *arena)
{
    bool unknown = err->status == BUS_NOT_FOUND;
    const char *need = unknown ? CONNECT_PEERS " does not name it"
                               : bus_printf(arena, "BUS-DENIED: %s; see the runbook", err->text);
    json_object_set_new(row, "state", json_string(unknown ? "no address" : "no key"));
    json_object_set_new(row, "need", json_string(need));
}

/* Rows by service; those that do not run are not asked. */
static enum bus_status services_ask(const struct stack *stack, struct bus_client *client, json_t *rows,
                                    struct bus_error *err)
{
    static const uint8_t empty_map = 0x80;
    struct bus_frames request = {.verb = "STATUS", .body = {bus_bytes(&empty_map, 1)}, .body_n = 1};
    int asked = 0;
    for (int i = 0; i < STACK_SERVICES; i++) {
        json_array_append_new(rows, row_new(stack, i));
        json_t *row = json_array_get(rows, (size_t)i);
        if (strcmp(json_string_value(json_object_get(row, "state")), "not running") == 0)
            continue;
        if (bus_client_send(client, stack_services[i], (uint64_t)i + 1, &request, err) == BUS_OK)
            asked++;
        else
            unasked_tell(row, err, stack->arena);
    }
    int64_t until_us = bus_clock_monotonic_us() + ANSWER_PATIENCE_US;
    enum bus_status status = BUS_OK;
    while (asked > 0 && status == BUS_OK) {
        struct bus_frames answer;
        const char *service;
        uint64_t tag;
        int64_t left_us = until_us - bus_clock_monotonic_us();
        status = left_us <= 0 ? BUS_RETRY
                              : bus_client_receive(client, (int)(left_us / 1000) + 1, stack->arena, &service,
                                                   &tag, &answer, err);
        if (status == BUS_OK && tag >= 1 && tag <= STACK_SERVICES &&
            strcmp(service, stack_services[tag - 1]) == 0) {
            answer_add(json_array_get(rows, (size_t)tag - 1), &answer);
            asked--;
        }
    }
    refusals_tell(client, rows, stack->arena);
    return status == BUS_RETRY ? BUS_OK : status;
}

static bool all_ready(json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *state = json_string_value(json_object_get(row, "state"));
        if (state == NULL || strcmp(state, "ready") != 0)
            return false;
    }
    return true;
}

static void report_show(const struct stack *stack, json_t *report, bool as_json)
{
    if (!as_json) {
        if (!stack->peers)
            printf("stack %s, http://127.0.0.1:%d\n", stack->dir, stack->port);
        fputs(status_table(report, stack->arena), stdout);
        return;
    }
    json_dumpf(report, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putchar('\n');
}

int status_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"dir", required_argument, NULL, 'd'}, {0}};
    const char *dir = CLI_DEFAULT_DIR;
    bool as_json = false;
    for (int found; (found = cli_option(argc, argv, options, 0)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        if (found == 'j')
            as_json = true;
        if (found == 'd')
            dir = optarg;
    }
    struct bus_error err;
    AUTO(stack_close) struct stack *stack = NULL;
    AUTO(bus_client_close) struct bus_client *client = NULL;
    if (connect_find(dir, &stack, &err) != BUS_OK || connect_stack(stack, &client, &err) != BUS_OK)
        return cli_fail_with(&err);
    json_t *rows = json_array();
    const char *address = stack->peers ? NULL : bus_printf(stack->arena, "http://127.0.0.1:%d", stack->port);
    json_t *report = json_pack("{s:s*, s:s*, s:o}", "dir", stack->dir, "address", address, "services", rows);
    enum bus_status status = services_ask(stack, client, rows, &err);
    if (status == BUS_OK)
        report_show(stack, report, as_json);
    bool ready = all_ready(rows);
    json_decref(report);
    if (status != BUS_OK)
        return cli_fail_with(&err);
    return ready ? CLI_DONE : CLI_FAILED;
}
