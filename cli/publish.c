/* koppel publish: CloudEvents, one JSON object a line; an acknowledgement a line. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "cli.h"
#include "schema/all.h"
#include "session.h"

/* A CloudEvent in JSON becomes the {header, data} of accept-events. */
static json_t *split(json_t *event, struct bus_error *err)
{
    json_t *data = json_object_get(event, "data");
    if (!json_is_object(event) || !json_is_object(data)) {
        (void)bus_fail(err, BUS_INVALID, "is no CloudEvent with a data object");
        return NULL;
    }
    json_incref(data);
    json_object_del(event, "data");
    if (json_object_get(event, "time") == NULL) {
        char now[BUS_TIME_TEXT];
        bus_time_format(bus_clock_wall_us(), now);
        json_object_set_new(event, "time", json_string(now));
    }
    json_object_del(event, "datacontenttype"); /* on the bus it is msgpack */
    return json_pack("{s:[{s:O, s:o}]}", "events", "header", event, "data", data);
}

static enum bus_status publish_line(struct session *session, const char *line, size_t size, struct bus_error *err)
{
    json_error_t where;
    json_t *event = json_loadb(line, size, JSON_REJECT_DUPLICATES, &where);
    if (event == NULL)
        return bus_fail(err, BUS_INVALID, "column %d: %s", where.column, where.text);
    json_t *reply = NULL, *command = split(event, err);
    enum bus_status status = command != NULL ? BUS_OK : BUS_INVALID;
    if (status == BUS_OK)
        status = session_call(session, schema_find_name("gateway/accept-events", BUS_TYPE_COMMAND), NULL, command,
                              &reply, err);
    if (status == BUS_OK) {
        char *text = json_dumps(json_array_get(json_object_get(reply, "acks"), 0), JSON_COMPACT | JSON_PRESERVE_ORDER);
        printf("%s\n", text);
        free(text);
    }
    json_decref(reply);
    json_decref(command);
    json_decref(event);
    return status;
}

static int publish_all(struct session *session, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    long number = 0, failed = 0;
    for (ssize_t size; (size = getline(&line, &room, file)) >= 0;) {
        struct bus_error err = {0};
        number++;
        if (strspn(line, " \t\r\n") == (size_t)size)
            continue;
        if (publish_line(session, line, (size_t)size, &err) == BUS_OK)
            continue;
        failed++;
        fprintf(stderr, "koppel publish: line %ld: %s\n", number, err.text);
        if (err.status == BUS_RETRY)
            break;
    }
    free(line);
    return failed == 0 ? CLI_DONE : CLI_FAILED;
}

int publish_run(int argc, char **argv)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'}, {0}};
    const char *dir = CLI_DEFAULT_DIR;
    for (int found; (found = cli_option(argc, argv, options, 1)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        dir = optarg;
    }
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    const char *path = optind < argc ? argv[optind] : "-";
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL)
        return cli_fail("cannot read %s: %s", path, strerror(errno));
    int result = session_open(dir, &session, &err) == BUS_OK ? publish_all(&session, file) : cli_fail_with(&err);
    if (file != stdin)
        fclose(file);
    return result;
}
