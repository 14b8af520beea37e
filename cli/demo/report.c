/* The report after the demonstration, of each partnership as it stood when its history ends. All of it is
 * asked of the services, as a coordinator could. */
#include <stdio.h>
#include <string.h>

#include "demo/ask.h"
#include "demo/demo.h"
#include "demo/duos.h"
#include "demo/story.h"

static enum bus_status tell_duos(struct session *session, const struct demo_history *history,
                                 struct bus_error *err)
{
    json_t *all = json_array();
    enum bus_status status = demo_ask_all(session, "matching/duos", "duos",
                                          json_pack("{s:s}", "partnership", history->partnership), all, err);
    if (status == BUS_OK) {
        AUTO(duos_done) struct duos duos = duos_count(all, history->to);
        duos_print(&duos, history->to);
    }
    json_decref(all);
    return status;
}

static void print_wait(const json_t *wait)
{
    double people = demo_number(wait, "n"), median_days = demo_number(wait, "median_days");
    printf("  %-14s %.0f %s%s of %s, ",
           json_is_true(json_object_get(wait, "waiting_now")) ? "waiting then" : "waited", people,
           demo_text(wait, "side"), people > 1 ? "s" : "", demo_text(wait, "programme"));
    if (median_days < 1)
        printf("median less than a day\n");
    else
        printf("median %.0f day%s\n", median_days, median_days < 1.5 ? "" : "s");
}

static enum bus_status tell_waits(struct session *session, const struct demo_history *history,
                                  struct bus_error *err)
{
    json_t *reply = NULL, *wait;
    size_t i;
    enum bus_status status = demo_ask(session, "reporting/durations",
                                      json_pack("{s:s, s:s, s:s}", "partnership", history->partnership,
                                                "from", history->from, "to", history->to),
                                      &reply, err);
    json_array_foreach(json_object_get(reply, "waits"), i, wait) if (demo_number(wait, "n") > 0)
        print_wait(wait);
    json_decref(reply);
    return status;
}

static enum bus_status tell_figures(struct session *session, const struct demo_history *history,
                                    struct bus_error *err)
{
    static const char *const figures[][2] = {{"practice-attendances", "attendances"},
                                             {"practice-persons", "people"},
                                             {"sessions-held", "sessions"},
                                             {"hours", "hours together"},
                                             {"help-requests-fulfilled", "requests for help fulfilled"}};
    enum bus_status status = BUS_OK;
    printf("  reached       ");
    for (size_t f = 0; status == BUS_OK && f < sizeof figures / sizeof *figures; f++) {
        json_t *reply = NULL, *row;
        size_t i;
        double sum = 0;
        status = demo_ask(session, "reporting/report",
                          json_pack("{s:s, s:s, s:s, s:s, s:i}", "partnership", history->partnership, "from",
                                    history->from, "to", history->to, "figure", figures[f][0], "limit", 200),
                          &reply, err);
        json_array_foreach(json_object_get(reply, "rows"), i, row) if (json_object_get(row, "nis") == NULL &&
                                                                       json_object_get(row, "reason") == NULL)
            sum += demo_number(row, "amount");
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
    enum bus_status status = demo_ask(session, "notifications/message-counts", json_object(), &reply, err);
    json_array_foreach(json_object_get(reply, "counts"), i, row)
    {
        if (strcmp(demo_text(row, "state"), "sent") != 0)
            continue;
        language = demo_text(row, "language");
        json_object_set_new(sums, language,
                            json_integer(json_integer_value(json_object_get(sums, language)) +
                                         json_integer_value(json_object_get(row, "n"))));
    }
    printf("\nmessages sent, by the reader's language (in Dutch and in it, or in English where it has no "
           "texts yet)\n ");
    json_object_foreach(sums, language, sum)
        printf(" %s %lld ", language, (long long)json_integer_value(sum));
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
        const struct demo_history *history = &histories[i];
        printf("\n%s, from %s to %s\n", history->partnership, history->from, history->to);
        status = tell_duos(session, history, err);
        if (status == BUS_OK)
            status = tell_waits(session, history, err);
        if (status == BUS_OK)
            status = tell_figures(session, history, err);
    }
    if (status == BUS_OK)
        status = tell_messages(session, err);
    return status == BUS_OK ? story_tell(session, histories[n - 1].partnership, err) : status;
}
