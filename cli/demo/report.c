/* The report after the demonstration. All of it is asked of the services, as a coordinator could. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/demo.h"
#include "schema/all.h"

#define FIRST_YEAR 2010
#define YEARS      20

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static double number_of(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

static enum bus_status ask(struct session *session, const char *query, json_t *data, json_t **ret_reply,
                           struct bus_error *err)
{
    enum bus_status status =
        session_call(session, schema_find_name(query, BUS_TYPE_QUERY), NULL, data, ret_reply, err);
    json_decref(data);
    return status;
}

/* All pages of a list. */
static enum bus_status ask_all(struct session *session, const char *query, const char *list, const char *partnership,
                               json_t *all, struct bus_error *err)
{
    json_t *cursor = NULL;
    enum bus_status status = BUS_OK;
    do {
        json_t *reply = NULL, *data = json_pack("{s:s, s:i}", "partnership", partnership, "limit", 200);
        if (cursor != NULL)
            json_object_set_new(data, "cursor", cursor);
        cursor = NULL;
        status = ask(session, query, data, &reply, err);
        if (status == BUS_OK) {
            json_array_extend(all, json_object_get(reply, list));
            cursor = json_incref(json_object_get(reply, "next"));
        }
        json_decref(reply);
    } while (status == BUS_OK && cursor != NULL);
    return status;
}

/* ---- duos */

struct tally {
    int by_year[YEARS];
    int total, active, silent, stopped, informal, again;
    json_t *reasons;
    double near_days, far_days;
    int near, far;
};

static int compare_started(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    return strcmp(text_of(x, "started"), text_of(y, "started"));
}

static void count_duo(struct tally *tally, const json_t *duo, json_t *seen)
{
    int year = atoi(text_of(duo, "started")) - FIRST_YEAR;
    const char *state = text_of(duo, "state"), *reason = text_of(duo, "reason");
    tally->total++;
    if (year >= 0 && year < YEARS)
        tally->by_year[year]++;
    tally->active += strcmp(state, "active") == 0;
    tally->silent += strcmp(state, "silent") == 0;
    tally->informal += strcmp(state, "informal") == 0;
    tally->again += json_object_get(seen, text_of(duo, "newcomer_id")) != NULL ||
                    json_object_get(seen, text_of(duo, "volunteer_id")) != NULL;
    json_object_set_new(seen, text_of(duo, "newcomer_id"), json_true());
    json_object_set_new(seen, text_of(duo, "volunteer_id"), json_true());
    if (strcmp(state, "stopped") != 0)
        return;
    tally->stopped++;
    json_object_set_new(tally->reasons, reason,
                        json_integer(1 + json_integer_value(json_object_get(tally->reasons, reason))));
    bool near = number_of(duo, "distance_m") < 3000;
    *(near ? &tally->near_days : &tally->far_days) += number_of(duo, "days");
    *(near ? &tally->near : &tally->far) += 1;
}

static void print_years(const struct tally *tally)
{
    for (int i = 0; i < YEARS; i++)
        if (tally->by_year[i] > 0)
            printf(" %d: %d ", FIRST_YEAR + i, tally->by_year[i]);
    printf("\n");
}

static void print_tally(const struct tally *tally)
{
    const char *reason;
    json_t *n;
    if (tally->total == 0)
        return;
    printf("  duos formed    %d, of which %d by somebody who was in a duo before\n                ", tally->total,
           tally->again);
    print_years(tally);
    printf("  in the end     %d meet, %d silent, %d went on as friends, %d stopped\n", tally->active, tally->silent,
           tally->informal, tally->stopped);
    if (tally->stopped > 0)
        printf("  why stopped   ");
    json_object_foreach(tally->reasons, reason, n) printf(" %s %lld ", reason, (long long)json_integer_value(n));
    if (tally->stopped > 0)
        printf("\n");
    if (tally->near > 0 && tally->far > 0)
        printf("  how long       %.0f days on average within 3 km, %.0f beyond\n", tally->near_days / tally->near,
               tally->far_days / tally->far);
}

static enum bus_status tell_duos(struct session *session, const char *partnership, struct bus_error *err)
{
    struct tally tally = {.reasons = json_object()};
    json_t *all = json_array(), *seen = json_object();
    enum bus_status status = ask_all(session, "matching/duos", "duos", partnership, all, err);
    size_t n = json_array_size(all);
    json_t **sorted = calloc(n + 1, sizeof(json_t *));
    if (sorted == NULL)
        bus_die("out of memory");
    for (size_t i = 0; i < n; i++)
        sorted[i] = json_array_get(all, i);
    qsort(sorted, n, sizeof(json_t *), compare_started);
    for (size_t i = 0; i < n; i++)
        count_duo(&tally, sorted[i], seen);
    if (status == BUS_OK)
        print_tally(&tally);
    free(sorted);
    json_decref(seen);
    json_decref(all);
    json_decref(tally.reasons);
    return status;
}

/* ---- waits, practice, messages */

static enum bus_status tell_waits(struct session *session, const char *partnership, const char *until,
                                  struct bus_error *err)
{
    json_t *reply = NULL, *wait;
    size_t i;
    enum bus_status status = ask(session, "reporting/durations",
                                 json_pack("{s:s, s:s, s:s}", "partnership", partnership, "from", "2010-01-01", "to",
                                           until),
                                 &reply, err);
    json_array_foreach(json_object_get(reply, "waits"), i, wait)
        if (number_of(wait, "n") > 0)
            printf("  %-14s %.0f %ss of %s, half of them up to %.0f days\n",
                   json_is_true(json_object_get(wait, "waiting_now")) ? "waiting then" : "waited", number_of(wait, "n"),
                   text_of(wait, "side"), text_of(wait, "programme"), number_of(wait, "median_days"));
    json_decref(reply);
    return status;
}

static enum bus_status tell_figures(struct session *session, const char *partnership, struct bus_error *err)
{
    static const char *const figures[][2] = {{"practice-attendances", "attendances"}, {"practice-persons", "people"},
                                             {"sessions-held", "sessions"}, {"hours", "hours together"},
                                             {"help-requests-fulfilled", "requests for help fulfilled"}};
    enum bus_status status = BUS_OK;
    printf("  reached       ");
    for (size_t f = 0; status == BUS_OK && f < sizeof figures / sizeof *figures; f++) {
        json_t *reply = NULL, *row;
        size_t i;
        double sum = 0;
        status = ask(session, "reporting/report",
                     json_pack("{s:s, s:s, s:s, s:s, s:i}", "partnership", partnership, "from", "2010-01-01", "to",
                               "2029-12-31", "figure", figures[f][0], "limit", 200),
                     &reply, err);
        json_array_foreach(json_object_get(reply, "rows"), i, row)
            if (json_object_get(row, "nis") == NULL && json_object_get(row, "reason") == NULL)
                sum += number_of(row, "amount");
        if (sum > 0)
            printf(" %.0f %s ", sum, figures[f][1]);
        json_decref(reply);
    }
    printf("\n");
    return status;
}

static enum bus_status tell_messages(struct session *session, struct bus_error *err)
{
    json_t *reply = NULL, *row, *sums = json_object(), *sum;
    size_t i;
    const char *language;
    enum bus_status status = ask(session, "notifications/message-counts", json_object(), &reply, err);
    json_array_foreach(json_object_get(reply, "counts"), i, row)
    {
        if (strcmp(text_of(row, "state"), "sent") != 0)
            continue;
        language = text_of(row, "language");
        json_object_set_new(sums, language,
                            json_integer(json_integer_value(json_object_get(sums, language)) +
                                         json_integer_value(json_object_get(row, "n"))));
    }
    printf("\nmessages sent, by the reader's language:");
    json_object_foreach(sums, language, sum) printf(" %s %lld ", language, (long long)json_integer_value(sum));
    printf("\n");
    json_decref(sums);
    json_decref(reply);
    return status;
}

enum bus_status demo_report(struct session *session, const struct demo_history *histories, size_t n,
                            struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        const char *id = histories[i].partnership;
        printf("\n%s, from %s to %s\n", id, histories[i].from, histories[i].to);
        status = tell_duos(session, id, err);
        if (status == BUS_OK)
            status = tell_waits(session, id, histories[i].to, err);
        if (status == BUS_OK)
            status = tell_figures(session, id, err);
    }
    return status == BUS_OK ? tell_messages(session, err) : status;
}
