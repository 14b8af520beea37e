/* koppel dead: dead letters: listed, shown, tried again, dropped with a reason. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "dead/letters.h"
#include "dead/outcome.h"

struct dead_options {
    const char *dir, *note, *fingerprint, *which;
    bool all, group, as_json;
};

/* ---- list */

/* Of a letter that has no reason of its own: it only waited. */
#define FREED "what stood before it is gone: it is tried by itself, at once"

static void print_letters(const json_t *letters)
{
    size_t i;
    json_t *one;
    json_array_foreach(letters, i, one)
    {
        json_int_t attempts = json_integer_value(json_object_get(one, "attempts"));
        printf("%lld  %-13s %s/%lld  %s  %s  %s",
               (long long)json_integer_value(json_object_get(one, "number")), letters_text(one, "service"),
               letters_text(one, "source"), (long long)json_integer_value(json_object_get(one, "seq")),
               letters_text(one, "event_id"), letters_text(one, "type"), letters_text(one, "state"));
        if (strcmp(letters_text(one, "state"), "behind") == 0)
            printf("\n   waits for what stands before it of the same subject\n");
        else if (attempts == 0)
            printf("\n   " FREED "\n");
        else
            printf("  %lld attempt%s  cause %s\n   %s\n", (long long)attempts, attempts == 1 ? "" : "s",
                   letters_text(one, "cause"), letters_text(one, "error"));
    }
}

static void print_groups(const json_t *groups)
{
    size_t i, k;
    json_t *one, *service;
    json_array_foreach(groups, i, one)
    {
        printf("%s  %lld letter%s, %lld of them behind others  from %.19s to %.19s  in",
               letters_text(one, "cause"), (long long)json_integer_value(json_object_get(one, "n")),
               json_integer_value(json_object_get(one, "n")) == 1 ? "" : "s",
               (long long)json_integer_value(json_object_get(one, "behind")), letters_text(one, "first"),
               letters_text(one, "last"));
        json_array_foreach(json_object_get(one, "services"), k, service)
            printf(" %s", json_string_value(service));
        const char *fingerprint = letters_text(one, "fingerprint");
        printf("\n   %s\n   such as %s\n", *fingerprint ? fingerprint : FREED, letters_text(one, "example"));
    }
}

static enum bus_status list(struct session *session, const struct dead_options *options,
                            struct bus_error *err)
{
    json_t *found = json_array();
    enum bus_status status =
        options->group ? letters_groups(session, found, err) : letters_list(session, found, err);
    if (status == BUS_OK && options->as_json)
        session_print(found);
    else if (status == BUS_OK && json_array_size(found) == 0)
        printf(session->missing ? "no dead letters in the others\n" : "no dead letters\n");
    else if (status == BUS_OK)
        (options->group ? print_groups : print_letters)(found);
    json_decref(found);
    return status == BUS_OK ? session_whole(session, err) : status;
}

/* ---- show, retry, drop */

/* A number of the list, or an event id, which may be a letter in several services. */
static bool is_meant(const json_t *letter, const char *which)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json_object_get(letter, "number")));
    return strcmp(which, number) == 0 || strcmp(which, letters_text(letter, "event_id")) == 0;
}

/* Asks one service; what it says is printed, or its count added. */
static enum bus_status act(struct session *session, const char *service, json_t *request,
                           const struct dead_options *options, json_int_t *sum, struct bus_error *err)
{
    json_t *answer = NULL;
    if (options->note != NULL)
        json_object_set_new(request, "note", json_string(options->note));
    enum bus_status status = session_ask(session, service, "ADMIN", request, &answer, err);
    if (status == BUS_OK && json_object_get(answer, "n") != NULL)
        *sum += json_integer_value(json_object_get(answer, "n"));
    else if (status == BUS_OK)
        session_print(answer);
    json_decref(answer);
    return status;
}

static enum bus_status act_on_letter(struct session *session, const char *op,
                                     const struct dead_options *options, json_int_t *sum,
                                     struct bus_error *err)
{
    size_t i, met = 0;
    json_t *letters = json_array(), *one;
    enum bus_status status = letters_list(session, letters, err);
    json_array_foreach(letters, i, one)
    {
        if (status != BUS_OK || !is_meant(one, options->which))
            continue;
        json_t *request =
            json_pack("{s:s, s:O, s:O, s:O}", "op", op, "source", json_object_get(one, "source"), "seq",
                      json_object_get(one, "seq"), "event_id", json_object_get(one, "event_id"));
        status = act(session, letters_text(one, "service"), request, options, sum, err);
        json_decref(request);
        met++;
    }
    json_decref(letters);
    if (status == BUS_OK && met == 0)
        return bus_fail(err, BUS_NOT_FOUND, "no dead letter is called %s; koppel dead list shows them",
                        options->which);
    return status;
}

static enum bus_status act_on_all(struct session *session, const char *op, const struct dead_options *options,
                                  json_int_t *sum, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < session->services_n; i++) {
        json_t *request = json_pack("{s:s, s:b}", "op", op, "all", 1);
        status = act(session, session->services[i].service, request, options, sum, err);
        json_decref(request);
    }
    return status;
}

static enum bus_status act_on_cause(struct session *session, const char *op,
                                    const struct dead_options *options, json_int_t *sum,
                                    struct bus_error *err)
{
    size_t i, k, met = 0;
    json_t *groups = json_array(), *one, *service;
    enum bus_status status = letters_groups(session, groups, err);
    json_array_foreach(groups, i, one)
    {
        const char *fingerprint = letters_text(one, "fingerprint");
        if (strcmp(options->fingerprint, letters_text(one, "cause")) != 0 &&
            strcmp(options->fingerprint, fingerprint) != 0)
            continue;
        json_array_foreach(json_object_get(one, "services"), k, service)
        {
            json_t *request = json_pack("{s:s, s:s}", "op", op, "fingerprint", fingerprint);
            if (status == BUS_OK)
                status = act(session, json_string_value(service), request, options, sum, err);
            json_decref(request);
            met++;
        }
    }
    json_decref(groups);
    if (status == BUS_OK && met == 0)
        return bus_fail(err, BUS_NOT_FOUND,
                        "no cause has the fingerprint %s; koppel dead list --group shows them",
                        options->fingerprint);
    return status;
}

/* Those that are tried at once: not what waits behind others. */
static enum bus_status choose(struct session *session, const struct dead_options *options, json_t *to,
                              struct bus_error *err)
{
    size_t i;
    json_t *letters = json_array(), *one;
    enum bus_status status = letters_list(session, letters, err);
    json_array_foreach(letters, i, one)
    {
        bool meant = options->all || (options->which != NULL && is_meant(one, options->which)) ||
                     (options->fingerprint != NULL &&
                      (strcmp(options->fingerprint, letters_text(one, "cause")) == 0 ||
                       strcmp(options->fingerprint, letters_text(one, "fingerprint")) == 0));
        if (meant && strcmp(letters_text(one, "state"), "behind") != 0)
            json_array_append(to, one);
    }
    json_decref(letters);
    return status;
}

static enum bus_status retried_tell(struct session *session, const struct dead_options *options,
                                    const json_t *letters, json_int_t n, struct bus_error *err)
{
    struct outcome outcome = {0};
    bool each = options->which != NULL && !options->as_json;
    enum bus_status status =
        each ? outcome_tell(session, letters, &outcome, err) : outcome_wait(session, letters, &outcome, err);
    if (status != BUS_OK)
        return status;
    if (options->as_json)
        printf("{\"retried\":%lld,\"handled\":%lld,\"parked\":%lld,\"waiting\":%lld}\n", (long long)n,
               (long long)outcome.handled, (long long)outcome.parked, (long long)outcome.waiting);
    else if (!each)
        printf("%lld tried: %lld handled, %lld parked again, %lld to be tried again by themselves; "
               "what waited behind those handled follows\n",
               (long long)n, (long long)outcome.handled, (long long)outcome.parked,
               (long long)outcome.waiting);
    if (outcome.parked + outcome.waiting > 0)
        return bus_fail(err, BUS_CONFLICT, "not handled: %lld of %lld; koppel dead list says why",
                        (long long)(outcome.parked + outcome.waiting), (long long)json_array_size(letters));
    return BUS_OK;
}

static enum bus_status act_on_chosen(struct session *session, const char *op,
                                     const struct dead_options *options, json_int_t *sum,
                                     struct bus_error *err)
{
    if (options->all)
        return act_on_all(session, op, options, sum, err);
    return options->fingerprint ? act_on_cause(session, op, options, sum, err)
                                : act_on_letter(session, op, options, sum, err);
}

static enum bus_status retry(struct session *session, const struct dead_options *options,
                             struct bus_error *err)
{
    json_int_t n = 0;
    json_t *letters = json_array();
    enum bus_status status = choose(session, options, letters, err);
    if (status == BUS_OK)
        status = act_on_chosen(session, "dead-retry", options, &n, err);
    if (status == BUS_OK)
        status = retried_tell(session, options, letters, n, err);
    json_decref(letters);
    return status;
}

static enum bus_status change(struct session *session, const char *verb, const struct dead_options *options,
                              struct bus_error *err)
{
    json_int_t sum = 0;
    if (strcmp(verb, "retry") == 0)
        return retry(session, options, err);
    bool shows = strcmp(verb, "show") == 0;
    enum bus_status status = act_on_chosen(session, shows ? "dead-show" : "dead-drop", options, &sum, err);
    if (status == BUS_OK && !shows)
        printf(options->as_json ? "{\"dropped\":%lld}\n" : "%lld dropped\n", (long long)sum);
    return status;
}

/* ---- the command line */

static bool usage_fits(const char *verb, const struct dead_options *given)
{
    int named = (given->which != NULL) + (given->fingerprint != NULL) + given->all;
    bool lists = strcmp(verb, "list") == 0, drops = strcmp(verb, "drop") == 0,
         shows = strcmp(verb, "show") == 0;
    if (!lists && !drops && !shows && strcmp(verb, "retry") != 0)
        (void)cli_wrong("say list, show, retry or drop");
    else if (lists && named > 0)
        (void)cli_wrong("list shows all of them, or with --group their causes");
    else if (!lists && given->group)
        (void)cli_wrong("--group goes with list");
    else if (shows && given->which == NULL)
        (void)cli_wrong("name the one to show: a number of the list, or an event id");
    else if (!lists && named != 1)
        (void)cli_wrong("name a number of the list or an event id, or say --fingerprint F or --all");
    else if (drops && (given->note == NULL || given->note[strspn(given->note, " \t\n")] == '\0'))
        (void)cli_wrong("say with --note why it is dropped");
    else if (!drops && given->note != NULL)
        (void)cli_wrong("--note goes with drop");
    else
        return true;
    return false;
}

static bool options_read(int argc, char **argv, struct dead_options *ret)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                            {"note", required_argument, NULL, 'n'},
                                            {"fingerprint", required_argument, NULL, 'f'},
                                            {"all", no_argument, NULL, 'a'},
                                            {"group", no_argument, NULL, 'g'},
                                            {"json", no_argument, NULL, 'j'},
                                            {0}};
    *ret = (struct dead_options){.dir = CLI_DEFAULT_DIR};
    for (int found; (found = cli_option(argc, argv, options, 2)) != -1;) {
        if (found == '?')
            return false;
        if (found == 'd')
            ret->dir = optarg;
        if (found == 'n')
            ret->note = optarg;
        if (found == 'f')
            ret->fingerprint = optarg;
        ret->all = ret->all || found == 'a';
        ret->group = ret->group || found == 'g';
        ret->as_json = ret->as_json || found == 'j';
    }
    return true;
}

int dead_run(int argc, char **argv)
{
    struct dead_options given;
    if (!options_read(argc, argv, &given))
        return CLI_WRONG;
    const char *verb = optind < argc ? argv[optind] : "";
    given.which = optind + 1 < argc ? argv[optind + 1] : NULL;
    if (!usage_fits(verb, &given))
        return CLI_WRONG;
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    enum bus_status status = session_open(given.dir, &session, &err);
    if (status == BUS_OK)
        status =
            strcmp(verb, "list") == 0 ? list(&session, &given, &err) : change(&session, verb, &given, &err);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
