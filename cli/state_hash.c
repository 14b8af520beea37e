/* koppel state-hash: one hash per service over its tables. */
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "session.h"

static enum bus_status hash_all(struct session *session, json_t *hashes, struct bus_error *err)
{
    json_t *request = json_pack("{s:s}", "op", "state-hash");
    enum bus_status status = BUS_OK;
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++) {
        json_t *answer = NULL;
        status = session_ask(session, stack_services[i], "ADMIN", request, &answer, err);
        if (status == BUS_OK)
            json_object_set_new(hashes, stack_services[i], answer);
    }
    json_decref(request);
    return status;
}

int state_hash_run(int argc, char **argv)
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
    json_t *hashes = json_object(), *one;
    enum bus_status status = session_open(dir, &session, &err);
    if (status == BUS_OK)
        status = hash_all(&session, hashes, &err);
    if (status == BUS_OK && as_json)
        session_print(hashes);
    else if (status == BUS_OK)
        json_object_foreach(hashes, service, one)
            printf("%-14s %s\n", service, json_string_value(json_object_get(one, "hash")));
    json_decref(hashes);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
