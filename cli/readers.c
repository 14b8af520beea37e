/* koppel readers: who reads which stream, and how far; one that will not come back is forgotten. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "session.h"

struct readers_options {
    const char *dir, *service, *reader; /* service NULL: the list */
    bool as_json;
};

static enum bus_status list(struct session *session, json_t *to, struct bus_error *err)
{
    json_t *request = json_object();
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++) {
        json_t *answer = NULL, *reader;
        size_t k;
        status = session_try(session, session->services[i].service, "STATUS", request, &answer, err);
        json_array_foreach(json_object_get(answer, "readers"), k, reader)
        {
            json_object_set_new(reader, "service", json_string(session->services[i].service));
            json_array_append(to, reader);
        }
        json_decref(answer);
    }
    json_decref(request);
    return status;
}

static void print_list(const json_t *readers)
{
    size_t i;
    json_t *one;
    printf("%-14s %-14s %12s %10s  %s\n", "stream", "reader", "has read to", "lag", "last heard");
    json_array_foreach(readers, i, one)
    {
        const json_t *silent = json_object_get(one, "silent_s");
        printf("%-14s %-14s %12lld %10lld  ", json_string_value(json_object_get(one, "service")),
               json_string_value(json_object_get(one, "reader")),
               (long long)json_integer_value(json_object_get(one, "seq")),
               (long long)json_integer_value(json_object_get(one, "lag")));
        if (json_is_integer(silent))
            printf("%lld s ago\n", (long long)json_integer_value(silent));
        else
            printf("before the service started\n");
    }
}

static enum bus_status forget(struct session *session, const struct readers_options *given,
                              struct bus_error *err)
{
    json_t *answer = NULL;
    json_t *request = json_pack("{s:s, s:s}", "op", "reader-forget", "reader", given->reader);
    enum bus_status status = session_ask(session, given->service, "ADMIN", request, &answer, err);
    json_decref(answer);
    json_decref(request);
    if (status == BUS_OK)
        printf("%s keeps its log no longer for %s, until it comes back\n", given->service, given->reader);
    return status;
}

static enum bus_status show(struct session *session, bool as_json, struct bus_error *err)
{
    json_t *readers = json_array();
    enum bus_status status = list(session, readers, err);
    if (status == BUS_OK && as_json)
        session_print(readers);
    else if (status == BUS_OK)
        print_list(readers);
    json_decref(readers);
    return status == BUS_OK ? session_whole(session, err) : status;
}

int readers_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'}, {"json", no_argument, NULL, 'j'}, {0}};
    struct readers_options given = {.dir = CLI_DEFAULT_DIR};
    for (int found; (found = cli_option(argc, argv, options, 3)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        if (found == 'd')
            given.dir = optarg;
        given.as_json = given.as_json || found == 'j';
    }
    if (optind < argc && (argc - optind != 3 || strcmp(argv[optind], "forget") != 0))
        return cli_wrong("say nothing for the list, or forget SERVICE READER");
    if (optind < argc) {
        given.service = argv[optind + 1];
        given.reader = argv[optind + 2];
    }
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    enum bus_status status = session_open(given.dir, &session, &err);
    if (status == BUS_OK)
        status = given.service ? forget(&session, &given, &err) : show(&session, given.as_json, &err);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
