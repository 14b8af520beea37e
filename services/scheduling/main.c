/* Scheduling: acquaintance talks, series of sessions, enrolment, attendance, reminders, calendars. */
#include <string.h>

#include "agenda.h"
#include "bus/service.h"
#include "meeting.h"
#include "schema/matching.h"
#include "schema/registry.h"
#include "schema/scheduling.h"
#include "sql/scheduling.h"
#include "state.h"
#include "timers.h"

static enum bus_status scheduling_open(struct bus_context *ctx, void **ret_state)
{
    static struct scheduling_state state;
    const char *secret = bus_setting("CALENDAR_KEY");
    state.has_key = link_key(secret, state.link_key);
    if (secret[0] != '\0' && !state.has_key)
        return bus_fail(ctx->err, BUS_BUG,
                        "CALENDAR_KEY must have at least %d characters: make a new random key and keep it",
                        LINK_KEY_CHARACTERS);
    *ret_state = &state;
    return BUS_OK;
}

static void scheduling_close(void **state_p)
{
    struct scheduling_state *state = *state_p;
    kept_done(&state->kept);
    memset(state->people, 0, sizeof state->people);
    *state_p = NULL;
}

static const char *const follows[] = {"registry", "matching", NULL};

static const struct bus_on events[] = {
    BUS_ON(registry_programme_configured),
    BUS_ON(registry_programme_ended),
    BUS_ON(registry_member_joined),
    BUS_ON(registry_person_registered),
    BUS_ON(registry_person_moved),
    BUS_ON(registry_person_merged),
    BUS_ON(registry_person_erased),
    BUS_ON(matching_match_accepted),
    BUS_ON(matching_match_declined),
    BUS_ON(matching_match_expired),
    BUS_ON(matching_match_withdrawn),
    BUS_ON(matching_duo_started),
    {0},
};

static const struct bus_on commands[] = {
    BUS_ON(scheduling_plan_meeting),
    BUS_ON(scheduling_move_meeting),
    BUS_ON(scheduling_cancel_meeting),
    BUS_ON(scheduling_hold_meeting),
    BUS_ON(scheduling_create_series),
    BUS_ON(scheduling_end_series),
    BUS_ON(scheduling_hold_session),
    BUS_ON(scheduling_correct_attendance),
    BUS_ON(scheduling_cancel_session),
    BUS_ON(scheduling_enrol),
    BUS_ON(scheduling_unenrol),
    /* Where a person lives is registry's to know: the gateway asks it before it sends this. */
    BUS_ON(scheduling_issue_calendar_link, .secrets = {"token", "path"}, .unjudged = true),
    {0},
};

static const struct bus_on queries[] = {
    BUS_ON(scheduling_calendar),
    BUS_ON(scheduling_sessions),
    BUS_ON(scheduling_series),
    BUS_ON(scheduling_meetings),
    BUS_ON(scheduling_enrolments),
    BUS_ON(scheduling_attendances),
    {0},
};

static const struct bus_setting settings[] = {
    {"CALENDAR_KEY",
     "secret from which calendar links are made (better: CALENDAR_KEY_FILE); without it there are none", ""},
    {0},
};

static const struct bus_on_timer timers[] = {
    {TIMER_AHEAD, on_schedule_ahead},
    {REMINDER_MEETING, on_meeting_reminder},
    {REMINDER_SESSION, on_session_reminder},
    {0},
};

static const struct bus_service scheduling = {
    .name = "scheduling",
    .title = "acquaintance talks, series of sessions, enrolment, attendance, reminders, calendars",
    .follows = follows,
    .events = events,
    .commands = commands,
    .queries = queries,
    .timers = timers,
    .settings = settings,
    .statements = scheduling_sql,
    .migrations = scheduling_migrations,
    .open = scheduling_open,
    .close = scheduling_close,
};

int main(int argc, char **argv)
{
    return bus_main(argc, argv, &scheduling);
}
