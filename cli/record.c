/* koppel record: writes the streams of a stack to a log file, in the order in which things entered it. */
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

#define FROM_MAX 64

struct stream { /* one service's log, read page by page */
    const char *service;
    struct bus_arena *arena;
    struct bus_cursor events;
    uint32_t left;
    int64_t after;
    bool ended, trimmed;
    struct bus_bytes header, data; /* of the next event */
    int64_t moment_us;             /* the latest so far: what follows from an input may be told late */
};

static bool is_trimmed(struct bus_bytes error, struct bus_arena *arena)
{
    struct bus_cursor at;
    const char *code = "";
    return bus_scan_map(error, &bus_scan_data, NULL) == BUS_OK && bus_cursor_get(error, "code", &at) &&
           bus_cursor_strdup(&at, arena, &code) && strcmp(code, "TRIMMED") == 0;
}

static enum bus_status status_of(struct session *session, const char *service, json_t **ret_answer,
                                 struct bus_error *err)
{
    json_t *request = json_object();
    enum bus_status status = session_ask(session, service, "STATUS", request, ret_answer, err);
    json_decref(request);
    return status;
}

/* What a replay of the recording will give, by how time ran in the stack; the least of all services. */
static enum bus_status promise_of(struct session *session, const char **ret, struct bus_error *err)
{
    static const struct {
        const char *clock, *promise;
    } promises[] = {
        {"wall",
         "the clocks of this stack ran by themselves: a replay has the same inputs at the same times, "
         "and makes other ids"},
        {"offset", "a log was played into this stack, then its clocks were let go: a replay makes the same "
                   "rows of what was played, but for personal data and what needs it, and other ids since"},
        {"conducted", "a replay makes the same rows, but for personal data and what needs it"},
    };
    size_t least = sizeof promises / sizeof *promises - 1;
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++) {
        json_t *answer = NULL;
        status = status_of(session, session->services[i].service, &answer, err);
        const char *clock = json_string_value(json_object_get(answer, "clock"));
        for (size_t j = 0; clock != NULL && j < least; j++)
            if (strcmp(clock, promises[j].clock) == 0)
                least = j;
        json_decref(answer);
    }
    if (status == BUS_OK)
        *ret = promises[least].promise;
    return status;
}

/* Goes on with the first event that is still there, and says so: what is missing cannot be seen in the log
 * file. */
static enum bus_status begin_where_it_begins(struct session *session, struct stream *self,
                                             struct bus_error *err)
{
    json_t *answer = NULL;
    enum bus_status status = status_of(session, self->service, &answer, err);
    json_int_t first = json_integer_value(json_object_get(answer, "first"));
    json_decref(answer);
    if (status != BUS_OK)
        return status;
    fprintf(stderr,
            "koppel record: %s keeps its events from %lld on; those from %lld to %lld were trimmed, and a "
            "replay of "
            "this recording will lack them\n",
            self->service, (long long)first, (long long)self->after + 1, (long long)first - 1);
    self->after = first - 1;
    return BUS_OK;
}

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
    enum bus_status status =
        bus_client_ask(session->client, self->service, &request, 30000, self->arena, &answer, err);
    if (status != BUS_OK)
        return status;
    if (strcmp(answer.verb, "ERR") == 0 && !self->trimmed && is_trimmed(answer.body[0], self->arena)) {
        self->trimmed = true;
        status = begin_where_it_begins(session, self, err);
        return status == BUS_OK ? fetch(session, self, err) : status;
    }
    if (strcmp(answer.verb, "BATCH") != 0 || answer.body_n < 1 ||
        bus_scan_map(answer.body[0], &bus_scan_events, err) != BUS_OK ||
        !bus_cursor_get(answer.body[0], "events", &self->events) ||
        !bus_cursor_array(&self->events, &self->left))
        return bus_fail(err, BUS_CONFLICT,
                        "%s gives no events after %lld; koppel status tells where its log ends",
                        self->service, (long long)self->after);
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
    struct bus_header header;
    if (!bus_cursor_array(&self->events, &pair) || pair != 2 ||
        !bus_cursor_raw(&self->events, &self->header) || !bus_cursor_raw(&self->events, &self->data) ||
        !bus_cursor_get(self->header, "seq", &at) || !bus_cursor_int(&at, &self->after) ||
        bus_header_decode(self->header, self->arena, &header, err) != BUS_OK)
        return bus_fail(err, BUS_BUG, "%s gave an event that cannot be read", self->service);
    int64_t moment_us = bus_header_moment_us(&header);
    if (moment_us > self->moment_us)
        self->moment_us = moment_us;
    self->left--;
    return BUS_OK;
}

static enum bus_status record_all(struct session *session, struct stream *streams, struct logfile *log,
                                  int64_t *ret_n, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++)
        status = step(session, &streams[i], err);
    while (status == BUS_OK) {
        struct stream *next = NULL;
        for (size_t i = 0; i < session->services_n; i++)
            if (!streams[i].ended && (next == NULL || streams[i].moment_us < next->moment_us))
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

/* Where to begin, as SERVICE:SEQ. */
static enum bus_status from_read(const struct session *session, const char *text, struct stream *streams,
                                 struct bus_error *err)
{
    for (size_t i = 0; i < session->services_n; i++) {
        size_t n = strlen(session->services[i].service);
        if (strncmp(text, session->services[i].service, n) != 0 || text[n] != ':')
            continue;
        streams[i].after = strtoll(text + n + 1, NULL, 10) - 1;
        return BUS_OK;
    }
    return bus_fail(err, BUS_INVALID, "--from %s: there is no such service", text);
}

static bool from_is_written_well(const char *text)
{
    const char *number = strchr(text, ':');
    char *end = NULL;
    return number != NULL && number > text && strtoll(number + 1, &end, 10) >= 1 && *end == '\0';
}

static enum bus_status record(struct session *session, const char *const *from, size_t from_n,
                              const char *file, struct bus_error *err)
{
    int64_t n = 0;
    const char *promise = "";
    AUTO(logfile_close) struct logfile *log = NULL;
    struct stream *streams = bus_alloc_array(session->stack->arena, session->services_n, sizeof *streams);
    for (size_t i = 0; i < session->services_n; i++)
        streams[i] = (struct stream){.service = session->services[i].service, .arena = bus_arena_new()};
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < from_n; i++)
        status = from_read(session, from[i], streams, err);
    if (status == BUS_OK)
        status = promise_of(session, &promise, err);
    if (status == BUS_OK)
        status = logfile_create(file, &(struct logfile_info){.note = "koppel record"}, &log, err);
    if (status == BUS_OK)
        status = record_all(session, streams, log, &n, err);
    if (status == BUS_OK)
        status = logfile_finish(log, err);
    for (size_t i = 0; i < session->services_n; i++)
        bus_arena_free(&streams[i].arena);
    if (status == BUS_OK)
        printf("%s: %lld records\n%s\n", file, (long long)n, promise);
    return status;
}

int record_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'}, {"from", required_argument, NULL, 'f'}, {0}};
    const char *dir = CLI_DEFAULT_DIR, *from[FROM_MAX];
    size_t from_n = 0;
    for (int found; (found = cli_option(argc, argv, options, 1)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        if (found == 'd')
            dir = optarg;
        else if (!from_is_written_well(optarg))
            return cli_wrong("--from is SERVICE:SEQ, such as matching:1200, not %s", optarg);
        else if (from_n < FROM_MAX)
            from[from_n++] = optarg;
    }
    if (optind != argc - 1)
        return cli_wrong("name the log to write");
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    enum bus_status status = session_open(dir, &session, &err);
    if (status == BUS_OK)
        status = record(&session, from, from_n, argv[optind], &err);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
