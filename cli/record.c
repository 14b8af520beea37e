/* koppel record: writes the streams of a stack to a log file, in order of time. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/pack.h"
#include "bus/scan.h"
#include "cli.h"
#include "log/logfile.h"
#include "session.h"

struct stream { /* one service's log, read page by page */
    const char *service;
    struct bus_arena *arena;
    struct bus_cursor events;
    uint32_t left;
    int64_t after;
    bool ended;
    struct bus_bytes header, data; /* of the next event */
    int64_t time_us;
};

static enum bus_status fetch(struct session *session, struct stream *self, struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer body = {0};
    bus_pack_map(&body, 2);
    bus_pack_text(&body, "req");
    bus_pack_int(&body, 1);
    bus_pack_text(&body, "after");
    bus_pack_int(&body, self->after);
    struct bus_frames answer, request = {.verb = "FETCH", .body = {bus_buffer_bytes(&body)}, .body_n = 1};
    bus_arena_reset(self->arena);
    enum bus_status status = bus_client_ask(session->client, self->service, &request, 30000, self->arena, &answer, err);
    if (status != BUS_OK)
        return status;
    if (strcmp(answer.verb, "BATCH") != 0 || answer.body_n < 1 ||
        bus_scan_map(answer.body[0], &bus_scan_events, err) != BUS_OK ||
        !bus_cursor_get(answer.body[0], "events", &self->events) || !bus_cursor_array(&self->events, &self->left))
        return bus_fail(err, BUS_CONFLICT, "%s does not give its events after %lld", self->service,
                        (long long)self->after);
    self->ended = self->left == 0;
    return BUS_OK;
}

/* Reads on to the next event; `ended` when there is none. */
static enum bus_status step(struct session *session, struct stream *self, struct bus_error *err)
{
    enum bus_status status = self->left > 0 ? BUS_OK : fetch(session, self, err);
    if (status != BUS_OK || self->ended)
        return status;
    uint32_t pair = 0;
    struct bus_cursor at;
    if (!bus_cursor_array(&self->events, &pair) || pair != 2 || !bus_cursor_raw(&self->events, &self->header) ||
        !bus_cursor_raw(&self->events, &self->data) || !bus_cursor_get(self->header, "seq", &at) ||
        !bus_cursor_int(&at, &self->after) || !bus_cursor_get(self->header, "time", &at) ||
        !bus_cursor_time(&at, &self->time_us))
        return bus_fail(err, BUS_BUG, "%s gave an event that cannot be read", self->service);
    self->left--;
    return BUS_OK;
}

static enum bus_status record_all(struct session *session, struct stream *streams, struct logfile *log, int64_t *ret_n,
                                  struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++)
        status = step(session, &streams[i], err);
    while (status == BUS_OK) {
        struct stream *next = NULL;
        for (int i = 0; i < STACK_SERVICES; i++)
            if (!streams[i].ended && (next == NULL || streams[i].time_us < next->time_us))
                next = &streams[i];
        if (next == NULL)
            break;
        status = logfile_add(log, next->header, next->data, err);
        if (status == BUS_OK)
            status = step(session, next, err);
        *ret_n += 1;
    }
    return status;
}

static bool from_read(const char *text, struct stream *streams)
{
    for (int i = 0; i < STACK_SERVICES; i++) {
        size_t n = strlen(stack_services[i]);
        long seq = 0;
        if (strncmp(text, stack_services[i], n) != 0 || text[n] != ':')
            continue;
        if (!cli_number("--from", text + n + 1, 1, 2000000000, &seq))
            return false;
        streams[i].after = seq - 1;
        return true;
    }
    (void)cli_wrong("--from is SERVICE:SEQ, such as matching:1200");
    return false;
}

int record_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'}, {"from", required_argument, NULL, 'f'}, {0}};
    const char *dir = CLI_DEFAULT_DIR;
    struct stream streams[STACK_SERVICES] = {0};
    for (int found; (found = cli_option(argc, argv, options, 1)) != -1;) {
        if (found == '?' || (found == 'f' && !from_read(optarg, streams)))
            return CLI_WRONG;
        if (found == 'd')
            dir = optarg;
    }
    if (optind != argc - 1)
        return cli_wrong("name the log to write");
    struct bus_error err = {0};
    int64_t n = 0;
    AUTO(session_close) struct session session = {0};
    AUTO(logfile_close) struct logfile *log = NULL;
    enum bus_status status = session_open(dir, &session, &err);
    if (status == BUS_OK)
        status = logfile_create(argv[optind], &(struct logfile_info){.note = "koppel record"}, &log, &err);
    for (int i = 0; i < STACK_SERVICES; i++) {
        streams[i].service = stack_services[i];
        streams[i].arena = bus_arena_new();
    }
    if (status == BUS_OK)
        status = record_all(&session, streams, log, &n, &err);
    if (status == BUS_OK)
        status = logfile_finish(log, &err);
    for (int i = 0; i < STACK_SERVICES; i++)
        bus_arena_free(&streams[i].arena);
    if (status != BUS_OK)
        return cli_fail_with(&err);
    printf("%s: %lld records\n", argv[optind], (long long)n);
    return CLI_DONE;
}
