/* See each.h. */
#include "each.h"

#include <getopt.h>

#include "cli.h"
#include "session.h"

#define WORK_PATIENCE_MS (30 * 60 * 1000)

/* Who is away is seen at once; who is there may take its time, as a long log does to be hashed. */
static enum bus_status ask_one(struct session *session, const char *service, const json_t *request,
                               json_t *answers, struct bus_error *err)
{
    json_t *nothing = json_object(), *answer = NULL;
    enum bus_status status = session_try(session, service, "STATUS", nothing, &answer, err);
    json_decref(nothing);
    if (status != BUS_OK || answer == NULL)
        return status;
    json_decref(answer);
    session->patience_ms = WORK_PATIENCE_MS;
    status = session_ask(session, service, "ADMIN", request, &answer, err);
    if (status == BUS_OK)
        json_object_set_new(answers, service, answer);
    return status;
}

static enum bus_status ask_each(struct session *session, const char *op, json_t *answers,
                                struct bus_error *err)
{
    json_t *request = json_pack("{s:s}", "op", op);
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++)
        status = ask_one(session, session->services[i].service, request, answers, err);
    json_decref(request);
    return status;
}

int each_run(int argc, char **argv, const char *op, each_row_fn *print_row)
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
        status = ask_each(&session, op, answers, &err);
    if (status == BUS_OK && as_json)
        session_print(answers);
    else if (status == BUS_OK)
        json_object_foreach(answers, service, one) print_row(service, one);
    json_decref(answers);
    if (status == BUS_OK)
        status = session_whole(&session, &err);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
