/* koppel dead: dead letters: listed, shown, tried again, dropped with a reason. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "session.h"

struct dead_options {
    const char *dir, *note;
    bool as_json;
};

static enum bus_status list(struct session *session, json_t *all, struct bus_error *err)
{
    json_t *request = json_pack("{s:s}", "op", "dead-list");
    enum bus_status status = BUS_OK;
    for (int i = 0; status == BUS_OK && i < STACK_SERVICES; i++) {
        json_t *answer = NULL, *one;
        size_t k;
        status = session_ask(session, stack_services[i], "ADMIN", request, &answer, err);
        json_array_foreach(json_object_get(answer, "dead"), k, one)
        {
            json_object_set_new(one, "service", json_string(stack_services[i]));
            json_array_append(all, one);
        }
        json_decref(answer);
    }
    json_decref(request);
    return status;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static void print_table(const json_t *all)
{
    size_t i;
    json_t *one;
    if (json_array_size(all) == 0)
        printf("no dead letters\n");
    json_array_foreach(all, i, one)
        printf("%zu  %-13s %s/%lld  %s  %s  %d attempts\n   %s\n", i + 1, text_of(one, "service"), text_of(one, "source"),
               (long long)json_integer_value(json_object_get(one, "seq")), text_of(one, "type"), text_of(one, "state"),
               (int)json_integer_value(json_object_get(one, "attempts")), text_of(one, "error"));
}

/* The dead letter that NUMBER names in the list, or all of those that FINGERPRINT covers. */
static enum bus_status act(struct session *session, const char *op, const char *note, const json_t *one,
                           struct bus_error *err)
{
    json_t *answer = NULL;
    json_t *request = json_pack("{s:s, s:O, s:O, s:O}", "op", op, "source", json_object_get(one, "source"), "seq",
                                json_object_get(one, "seq"), "event_id", json_object_get(one, "event_id"));
    if (note != NULL)
        json_object_set_new(request, "note", json_string(note));
    enum bus_status status = session_ask(session, text_of(one, "service"), "ADMIN", request, &answer, err);
    if (status == BUS_OK && strcmp(op, "dead-show") == 0)
        session_print(answer);
    json_decref(answer);
    json_decref(request);
    return status;
}

static enum bus_status act_on(struct session *session, const char *op, const char *which, const char *note,
                              const json_t *all, struct bus_error *err)
{
    size_t i, done = 0;
    json_t *one;
    enum bus_status status = BUS_OK;
    json_array_foreach(all, i, one)
    {
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        if (strcmp(which, "all") != 0 && strcmp(which, number) != 0 &&
            strcmp(which, text_of(one, "event_id")) != 0 && strcmp(which, text_of(one, "fingerprint")) != 0)
            continue;
        if (strcmp(text_of(one, "state"), "behind") == 0 && strcmp(op, "dead-retry") == 0)
            continue; /* it follows what it waits behind */
        status = act(session, op, note, one, err);
        if (status != BUS_OK)
            return status;
        done++;
    }
    if (done == 0)
        return bus_fail(err, BUS_NOT_FOUND, "no dead letter is called %s; koppel dead list shows them", which);
    if (strcmp(op, "dead-show") != 0)
        printf("%zu %s\n", done, strcmp(op, "dead-drop") == 0 ? "dropped" : "will be tried at once");
    return status;
}

static enum bus_status run(struct session *session, const struct dead_options *options, const char *verb,
                           const char *which, struct bus_error *err)
{
    json_t *all = json_array();
    enum bus_status status = list(session, all, err);
    if (status == BUS_OK && strcmp(verb, "list") == 0) {
        if (options->as_json)
            session_print(all);
        else
            print_table(all);
    } else if (status == BUS_OK) {
        const char *op = strcmp(verb, "show") == 0 ? "dead-show" : strcmp(verb, "retry") == 0 ? "dead-retry" : "dead-drop";
        status = act_on(session, op, which, options->note, all, err);
    }
    json_decref(all);
    return status;
}

int dead_run(int argc, char **argv)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                            {"note", required_argument, NULL, 'n'},
                                            {"json", no_argument, NULL, 'j'},
                                            {0}};
    struct dead_options given = {.dir = CLI_DEFAULT_DIR};
    for (int found; (found = cli_option(argc, argv, options, 2)) != -1;) {
        if (found == '?')
            return CLI_WRONG;
        if (found == 'd')
            given.dir = optarg;
        if (found == 'n')
            given.note = optarg;
        given.as_json = given.as_json || found == 'j';
    }
    const char *verb = optind < argc ? argv[optind] : "", *which = optind + 1 < argc ? argv[optind + 1] : NULL;
    bool lists = strcmp(verb, "list") == 0;
    bool acts = strcmp(verb, "show") == 0 || strcmp(verb, "retry") == 0 || strcmp(verb, "drop") == 0;
    if ((!lists && !acts) || (acts && which == NULL) || (lists && which != NULL))
        return cli_wrong("say list, show WHICH, retry WHICH, or drop WHICH --note WHY; WHICH is a number of the list, "
                         "an event id, a fingerprint, or all");
    if (strcmp(verb, "drop") == 0 && given.note == NULL)
        return cli_wrong("say with --note why it is dropped");
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    enum bus_status status = session_open(given.dir, &session, &err);
    if (status == BUS_OK)
        status = run(&session, &given, verb, which, &err);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
