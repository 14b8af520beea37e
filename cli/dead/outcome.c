/* See outcome.h. */
#include "outcome.h"

#include <stdio.h>
#include <string.h>

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

enum bus_status outcome_tell(struct session *session, const json_t *letter, struct bus_error *err)
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
        json_decref(now);
        if (status != BUS_OK || over)
            return status;
        bus_clock_sleep_ms(PAUSE_MS);
    }
}
