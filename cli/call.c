/* koppel call: a command or a query, as JSON; prints the reply. Or which there are, and what one takes. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "bus/text.h"
#include "cli.h"
#include "heads.h"
#include "schema/all.h"
#include "schema/help.h"
#include "session.h"

#define PATIENCE_MS 10000
#define TYPES_MAX   512

static const struct bus_type *find(const char *name)
{
    const struct bus_type *type = schema_find_name(name, BUS_TYPE_COMMAND);
    return type != NULL ? type : schema_find_name(name, BUS_TYPE_QUERY);
}

static int unknown(const char *name)
{
    const char *names[TYPES_MAX];
    size_t n = 0;
    for (size_t i = 0; schema_types[i] != NULL && n < TYPES_MAX; i++)
        if (schema_types[i]->kind != BUS_TYPE_EVENT)
            names[n++] = schema_types[i]->name;
    const char *near = bus_text_near(name, names, n);
    return cli_fail("there is no command or query %s%s%s%s koppel call --list names them", name,
                    near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                    near != NULL ? "?" : ";");
}

static int list(void)
{
    for (size_t i = 0; schema_types[i] != NULL; i++) {
        const struct bus_type *type = schema_types[i];
        char name[80];
        snprintf(name, sizeof name, "%s/%s", type->service, type->name);
        if (type->kind != BUS_TYPE_EVENT)
            printf("%-8s %-36s %s\n", type->kind == BUS_TYPE_QUERY ? "query" : "command", name, type->title);
    }
    return CLI_DONE;
}

int call_help(const char *name)
{
    const struct bus_type *type = find(name);
    if (type == NULL)
        return unknown(name);
    fputs(schema_help(type), stdout);
    return CLI_DONE;
}

/* A token limited to what does not exist would be refused everything, so that is asked first: gateway itself
 * knows no partnerships. */
static enum bus_status limits_check(struct session *session, const json_t *token, struct bus_error *err)
{
    json_t *partnerships = json_object_get(token, "partnerships"), *nis = json_object_get(token, "nis");
    json_t *reply = NULL, *limits = json_pack("{s:O*, s:O*}", "partnerships", partnerships, "nis", nis);
    enum bus_status status = BUS_OK;
    if (json_array_size(partnerships) + json_array_size(nis) > 0)
        status = session_call(session, &registry_check_limits_type, NULL, limits, &reply, err);
    json_decref(limits);
    json_decref(reply);
    return status;
}

/* After all that was done before. Where the service does not get to read that, an operator is not kept from
 * it for ever: the same again, as it stands. */
static enum bus_status call(struct session *session, const struct bus_type *type, const char *id,
                            const json_t *data, json_t **ret_reply, struct bus_error *err)
{
    heads_note(session, type->service);
    enum bus_status status = session_call(session, type, id, data, ret_reply, err);
    if (status != BUS_RETRY || strcmp(err->code, "BUS-NOT-READY") != 0)
        return status;
    fprintf(stderr,
            "koppel: %s has not read all that was done before this (koppel status): asked as it stands\n",
            type->service);
    session->after_n = 0;
    return session_call(session, type, id, data, ret_reply, err);
}

int call_run(int argc, char **argv)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                            {"id", required_argument, NULL, 'i'},
                                            {"list", no_argument, NULL, 'l'},
                                            {0}};
    const char *dir = CLI_DEFAULT_DIR, *id = NULL;
    for (int found; (found = cli_option(argc, argv, options, 2)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        if (found == 'l')
            return list();
        *(found == 'd' ? &dir : &id) = optarg;
    }
    if (optind >= argc)
        return cli_wrong("name a command or a query, such as duos or stop-duo");
    const struct bus_type *type = find(argv[optind]);
    if (type == NULL)
        return unknown(argv[optind]);
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
    bool limited = true;
    if (status == BUS_OK && type == &gateway_create_token_type)
        limited = (status = limits_check(&session, data, &err)) == BUS_OK;
    if (status == BUS_OK)
        status = call(&session, type, id, data, &reply, &err);
    else if (!limited && id != NULL && session_repeat(&session, type, id, data, &reply))
        status = BUS_OK;
    if (status == BUS_OK)
        session_print(reply);
    json_decref(data);
    json_decref(reply);
    if (status == BUS_INVALID && optind + 1 == argc && !err.code[0])
        return cli_fail("%s; koppel call %s --help tells what it takes", err.text, argv[optind]);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
