/* See duos.h. */
#include "demo/duos.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"
#include "demo/ask.h"

static int compare_started(const void *a, const void *b)
{
    return strcmp(demo_text(*(json_t *const *)a, "started"), demo_text(*(json_t *const *)b, "started"));
}

static bool happened(const char *time, const char *day)
{
    return time[0] != '\0' && strncmp(time, day, strlen("2012-01-09")) <= 0;
}

static void count_stopped(struct duos *self, const json_t *duo)
{
    const char *reason = demo_text(duo, "reason");
    double days = json_number_value(json_object_get(duo, "days"));
    bool near = json_number_value(json_object_get(duo, "distance_m")) < 3000;
    self->stopped++;
    json_object_set_new(self->reasons, reason,
                        json_integer(1 + json_integer_value(json_object_get(self->reasons, reason))));
    *(near ? &self->near_days : &self->far_days) += days;
    *(near ? &self->near : &self->far) += 1;
}

static void count_one(struct duos *self, const json_t *duo, const char *day, json_t *seen)
{
    int year = atoi(demo_text(duo, "started")) - FIRST_YEAR;
    self->total++;
    if (year >= 0 && year < YEARS)
        self->by_year[year]++;
    self->again += json_object_get(seen, demo_text(duo, "newcomer_id")) != NULL ||
                   json_object_get(seen, demo_text(duo, "volunteer_id")) != NULL;
    json_object_set_new(seen, demo_text(duo, "newcomer_id"), json_true());
    json_object_set_new(seen, demo_text(duo, "volunteer_id"), json_true());
    if (!happened(demo_text(duo, "ended"), day))
        self->lasting++;
    else if (strcmp(demo_text(duo, "state"), "informal") == 0)
        self->informal++;
    else
        count_stopped(self, duo);
}

struct duos duos_count(const json_t *list, const char *day)
{
    struct duos self = {.reasons = json_object()};
    json_t *seen = json_object();
    size_t n = json_array_size(list);
    json_t **sorted = calloc(n + 1, sizeof(json_t *));
    if (sorted == NULL)
        bus_die("out of memory");
    for (size_t i = 0; i < n; i++)
        sorted[i] = json_array_get(list, i);
    qsort(sorted, n, sizeof(json_t *), compare_started);
    for (size_t i = 0; i < n; i++)
        if (happened(demo_text(sorted[i], "started"), day))
            count_one(&self, sorted[i], day, seen);
    free(sorted);
    json_decref(seen);
    return self;
}

static void print_years(const struct duos *self)
{
    for (int i = 0; i < YEARS; i++)
        if (self->by_year[i] > 0)
            printf(" %d: %d ", FIRST_YEAR + i, self->by_year[i]);
    printf("\n");
}

void duos_print(const struct duos *self, const char *day)
{
    const char *reason;
    json_t *n;
    if (self->total == 0) {
        printf("  duos formed    none: its buddies take one request for help after the other\n");
        return;
    }
    printf("  duos formed    %d, of which %d by somebody who was in a duo before\n                ",
           self->total, self->again);
    print_years(self);
    printf("  on %s  %d last, %d went on as friends, %d stopped\n", day, self->lasting, self->informal,
           self->stopped);
    if (self->stopped > 0)
        printf("  why stopped   ");
    json_object_foreach(self->reasons, reason, n)
        printf(" %s %lld ", reason, (long long)json_integer_value(n));
    if (self->stopped > 0)
        printf("\n");
    if (self->near > 0 && self->far > 0)
        printf("  how long       those that stopped: %.0f days on average within 3 km, %.0f beyond\n",
               self->near_days / self->near, self->far_days / self->far);
}

void duos_done(struct duos *self)
{
    json_decref(self->reasons);
    self->reasons = NULL;
}
