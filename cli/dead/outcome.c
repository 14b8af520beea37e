/* See outcome.h. */
#include "outcome.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../bar.h"
#include "bus/clock.h"
#include "letters.h"

#define PATIENCE_US INT64_C(5000000)
#define PAUSE_MS    50

static bool is_same(const json_t *one, const json_t *other)
{
    static const char *const names[] = {"service", "source", "seq", "event_id"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!json_equal(json_object_get(one, names[i]), json_object_get(other, names[i])))
            return false;
    return true;
}

/* As it stands by now; *ret_now is NULL once it was handled. The caller gives it back. */
static enum bus_status look(struct session *session, const json_t *letter, json_t **ret_now,
                            struct bus_error *err)
{
    json_t *letters = json_array(), *one;
    size_t i;
    *ret_now = NULL;
    enum bus_status status = letters_list_of(session, letters_text(letter, "service"), letters, err);
    json_array_foreach(letters, i, one)
    {
        if (is_same(one, letter))
            *ret_now = json_incref(one);
    }
    json_decref(letters);
    if (status == BUS_OK && session->missing)
        status = session_whole(session, err);
    return status;
}

static enum bus_status tell_one(struct session *session, const json_t *letter, struct outcome *outcome,
                                struct bus_error *err)
{
    int64_t until_us = bus_clock_monotonic_us() + PATIENCE_US;
    for (;;) {
        json_t *now = NULL;
        enum bus_status status = look(session, letter, &now, err);
        bool parked = strcmp(letters_text(now, "state"), "parked") == 0;
        bool over = now == NULL || parked || bus_clock_monotonic_us() >= until_us;
        if (status == BUS_OK && now == NULL)
            printf("handled; what waited behind it follows\n");
        else if (status == BUS_OK && parked)
            printf("parked again: %s\n", letters_text(now, "error"));
        else if (status == BUS_OK && over)
            printf("not handled yet, and will be tried again by itself: %s\n", letters_text(now, "error"));
        if (status == BUS_OK && over) {
            outcome->handled += now == NULL;
            outcome->parked += now != NULL && parked;
            outcome->waiting += now != NULL && !parked;
        }
        json_decref(now);
        if (status != BUS_OK || over)
            return status;
        bus_clock_sleep_ms(PAUSE_MS);
    }
}

enum bus_status outcome_tell(struct session *session, const json_t *letters, struct outcome *ret_outcome,
                             struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    size_t i;
    json_t *one;
    *ret_outcome = (struct outcome){0};
    json_array_foreach(letters, i, one) if (status == BUS_OK) status =
        tell_one(session, one, ret_outcome, err);
    return status;
}

static const char *name_of(const struct session *session, const json_t *letter)
{
    return bus_printf(
        session->arena, "%s %s %lld %s", letters_text(letter, "service"), letters_text(letter, "source"),
        (long long)json_integer_value(json_object_get(letter, "seq")), letters_text(letter, "event_id"));
}

/* All that stand by now, by their names. */
static enum bus_status stand(struct session *session, json_t *ret_standing, struct bus_error *err)
{
    json_t *letters = json_array(), *one;
    size_t i;
    enum bus_status status = letters_list(session, letters, err);
    json_array_foreach(letters, i, one) json_object_set(ret_standing, name_of(session, one), one);
    json_decref(letters);
    if (status == BUS_OK && session->missing)
        status = session_whole(session, err);
    return status;
}

/* *ret_open: not tried yet. */
static void count(struct session *session, const json_t *letters, const json_t *standing,
                  struct outcome *ret_outcome, int64_t *ret_open)
{
    const json_t *before, *now;
    size_t i;
    *ret_outcome = (struct outcome){0};
    *ret_open = 0;
    json_array_foreach(letters, i, before)
    {
        now = json_object_get(standing, name_of(session, before));
        bool waits = strcmp(letters_text(now, "state"), "parked") != 0;
        ret_outcome->handled += now == NULL;
        ret_outcome->parked += now != NULL && !waits;
        ret_outcome->waiting += now != NULL && waits;
        *ret_open += now != NULL && waits &&
                     json_equal(json_object_get(now, "attempts"), json_object_get(before, "attempts"));
    }
}

enum bus_status outcome_wait(struct session *session, const json_t *letters, struct outcome *ret_outcome,
                             struct bus_error *err)
{
    struct bar bar = {.what = "letters", .out = stderr, .whole = (int64_t)json_array_size(letters)};
    int64_t open = bar.whole, until_us = bus_clock_monotonic_us() + PATIENCE_US;
    bool shows = bar.whole > 1 && isatty(STDERR_FILENO);
    enum bus_status status = BUS_OK;
    while (open > 0 && status == BUS_OK) {
        int64_t before = open;
        json_t *standing = json_object();
        status = stand(session, standing, err);
        count(session, letters, standing, ret_outcome, &open);
        json_decref(standing);
        if (open < before)
            until_us = bus_clock_monotonic_us() + PATIENCE_US;
        else if (bus_clock_monotonic_us() >= until_us)
            break;
        if (shows)
            bar_tell(&bar, bar.whole - open);
        if (open > 0)
            bus_clock_sleep_ms(PAUSE_MS);
    }
    if (shows)
        bar_end(&bar);
    return status;
}
