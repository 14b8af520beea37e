/* koppel log: a log file as JSON lines, its checks, and what differs between two. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/codec.h"
#include "cli.h"
#include "log/input.h"
#include "log/logfile.h"

static enum bus_status record_json(const struct logfile_record *record, struct bus_buffer *out,
                                   struct bus_error *err)
{
    bus_buffer_clear(out);
    bus_buffer_text(out, "{\"header\":");
    enum bus_status status = bus_msgpack_to_json(record->raw_header, out, err);
    bus_buffer_text(out, ",\"data\":");
    if (status == BUS_OK)
        status = bus_msgpack_to_json(record->data, out, err);
    bus_buffer_text(out, "}");
    return status;
}

static int log_cat(const char *path)
{
    struct bus_error err = {0};
    AUTO(logfile_close) struct logfile *log = NULL;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer line = {0};
    struct logfile_record record;
    enum bus_status status = logfile_open(path, &log, &err);
    while (status == BUS_OK && (status = logfile_next(log, arena, &record, &err)) == BUS_OK) {
        status = record_json(&record, &line, &err);
        printf("%.*s\n", (int)line.size, (const char *)line.data);
        bus_arena_reset(arena);
    }
    return status == BUS_NOT_FOUND && log != NULL ? CLI_DONE : cli_fail_with(&err);
}

static int log_verify(const char *path)
{
    struct bus_error err = {0};
    AUTO(logfile_close) struct logfile *log = NULL;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct logfile_record record;
    int64_t n = 0, back = 0, last_us = 0;
    enum bus_status status = logfile_open(path, &log, &err);
    while (status == BUS_OK && (status = logfile_next(log, arena, &record, &err)) == BUS_OK) {
        n++;
        if (input_is_command(&record.header) || input_is_event(&record.header)) {
            back += bus_header_moment_us(&record.header) < last_us;
            last_us = bus_header_moment_us(&record.header);
        }
        bus_arena_reset(arena);
    }
    if (status != BUS_NOT_FOUND || log == NULL)
        return cli_fail("%s (%lld records before it are good)", err.text, (long long)n);
    printf("%s: %lld records, all whole, %s\n", path, (long long)n,
           back > 0
               ? "in the order of their streams, which goes back in time in places: a replay takes them so"
               : "in order of time");
    return CLI_DONE;
}

static bool same(const struct logfile_record *a, const struct logfile_record *b)
{
    return bus_bytes_equal(a->raw_header, b->raw_header) && bus_bytes_equal(a->data, b->data);
}

static void print_side(char mark, const struct logfile_record *record, struct bus_buffer *line)
{
    struct bus_error err;
    if (record_json(record, line, &err) == BUS_OK)
        printf("%c %lld %.*s\n", mark, (long long)record->number, (int)line->size, (const char *)line->data);
}

static int log_diff(const char *path_a, const char *path_b)
{
    struct bus_error err = {0};
    AUTO(logfile_close) struct logfile *a = NULL;
    AUTO(logfile_close) struct logfile *b = NULL;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    AUTO(bus_buffer_done) struct bus_buffer line = {0};
    if (logfile_open(path_a, &a, &err) != BUS_OK || logfile_open(path_b, &b, &err) != BUS_OK)
        return cli_fail_with(&err);
    int64_t differ = 0;
    for (;;) {
        struct logfile_record left, right;
        bus_arena_reset(arena);
        enum bus_status status_a = logfile_next(a, arena, &left, &err);
        if (status_a != BUS_OK && status_a != BUS_NOT_FOUND)
            return cli_fail("%s: %s", path_a, err.text);
        enum bus_status status_b = logfile_next(b, arena, &right, &err);
        if (status_b != BUS_OK && status_b != BUS_NOT_FOUND)
            return cli_fail("%s: %s", path_b, err.text);
        if (status_a != BUS_OK && status_b != BUS_OK)
            break;
        if (status_a == BUS_OK && status_b == BUS_OK && same(&left, &right))
            continue;
        if (status_a == BUS_OK && differ < 20)
            print_side('<', &left, &line);
        if (status_b == BUS_OK && differ < 20)
            print_side('>', &right, &line);
        differ++;
    }
    if (differ == 0) {
        printf("the same\n");
        return CLI_DONE;
    }
    return cli_fail("%lld records differ; the first 20 are shown", (long long)differ);
}

int log_run(int argc, char **argv)
{
    static const struct option options[] = {{0}};
    if (cli_option(argc, argv, options, 3) != -1)
        return CLI_WRONG;
    argv += optind;
    argc -= optind;
    if (argc == 2 && strcmp(argv[0], "cat") == 0)
        return log_cat(argv[1]);
    if (argc == 2 && strcmp(argv[0], "verify") == 0)
        return log_verify(argv[1]);
    if (argc == 3 && strcmp(argv[0], "diff") == 0)
        return log_diff(argv[1], argv[2]);
    return cli_wrong("say cat LOG, verify LOG, or diff LOG LOG");
}
