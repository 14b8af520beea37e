/* koppel trim: what a service does with its log every hour, at once: old partitions that every reader has go. */
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "session.h"

static json_int_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void print_row(const char *service, const json_t *answer)
{
    const json_t *slowest = NULL;
    json_t *reader;
    size_t i;
    json_array_foreach(json_object_get(answer, "readers"), i, reader)
        if (slowest == NULL || number(reader, "seq") < number(slowest, "seq"))
            slowest = reader;
    printf("%-14s keeps %lld to %lld", service, (long long)number(answer, "first"), (long long)number(answer, "head"));
    if (number(answer, "keep_days") == 0)
        printf(", all of it: BUS_LOG_KEEP_DAYS is not set");
    else if (slowest != NULL)
        printf(", %lld days; %s has read to %lld", (long long)number(answer, "keep_days"),
               json_string_value(json_object_get(slowest, "reader")), (long long)number(slowest, "seq"));
    else
        printf(", %lld days; no reader is known", (long long)number(answer, "keep_days"));
    printf("\n");
}

static enum bus_status trim_all(struct session *session, json_t *answers, struct bus_error *err)
{
    json_t *request = json_pack("{s:s}", "op", "log-trim");
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++) {
        json_t *answer = NULL;
        status = session_try(session, session->services[i].service, "ADMIN", request, &answer, err);
        if (answer != NULL)
            json_object_set_new(answers, session->services[i].service, answer);
    }
    json_decref(request);
    return status;
}

int trim_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'}, {"json", no_argument, NULL, 'j'}, {0}};
    const char *dir = CLI_DEFAULT_DIR, *service;
    bool as_json = false;
    for (int found; (found = cli_option(argc, argv, options, 0)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        if (found == 'd')
            dir = optarg;
        as_json = as_json || found == 'j';
    }
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    json_t *answers = json_object(), *one;
    enum bus_status status = session_open(dir, &session, &err);
    if (status == BUS_OK)
        status = trim_all(&session, answers, &err);
    if (status == BUS_OK && as_json)
        session_print(answers);
    else if (status == BUS_OK)
        json_object_foreach(answers, service, one)
            print_row(service, one);
    json_decref(answers);
    if (status == BUS_OK)
        status = session_whole(&session, &err);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
