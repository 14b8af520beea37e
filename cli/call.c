/* koppel call: a command or a query, as JSON; prints the reply. */
#include <getopt.h>
#include <string.h>

#include "cli.h"
#include "schema/all.h"
#include "session.h"

#define PATIENCE_MS 10000

static const struct bus_type *find(const char *name)
{
    const struct bus_type *type = schema_find_name(name, BUS_TYPE_COMMAND);
    return type != NULL ? type : schema_find_name(name, BUS_TYPE_QUERY);
}

int call_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"dir", required_argument, NULL, 'd'}, {"id", required_argument, NULL, 'i'}, {0}};
    const char *dir = CLI_DEFAULT_DIR, *id = NULL;
    for (int found; (found = cli_option(argc, argv, options, 2)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        *(found == 'd' ? &dir : &id) = optarg;
    }
    if (optind >= argc)
        return cli_wrong("name a command or a query, such as duos or stop-duo");
    const struct bus_type *type = find(argv[optind]);
    if (type == NULL)
        return cli_fail("there is no command or query %s; build/docs/events.md lists them, after make docs",
                        argv[optind]);
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    json_t *data = NULL, *reply = NULL;
    enum bus_status status = BUS_OK;
    if (optind + 1 < argc)
        status = session_read_json(argv[optind + 1], &data, &err);
    else
        data = json_object();
    if (status == BUS_OK)
        status = session_open(dir, &session, &err);
    session.patience_ms = PATIENCE_MS;
    if (status == BUS_OK)
        status = session_call(&session, type, id, data, &reply, &err);
    if (status == BUS_OK)
        session_print(reply);
    json_decref(data);
    json_decref(reply);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
