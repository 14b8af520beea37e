/* matching: two waiting lists per programme, an optimal matching of who waits, and the life of duos. */
#include "bus/service.h"
#include "rows.h"
#include "schema/matching.h"
#include "schema/registry.h"
#include "schema/scheduling.h"
#include "sql/matching.h"
#include "timers.h"

static enum bus_status open_state(struct bus_context *ctx, void **ret_state)
{
    struct state *state = NULL;
    enum bus_status status = state_load(ctx, NULL, &state);
    if (status == BUS_OK)
        *ret_state = state;
    return status;
}

static void close_state(void **state_p)
{
    state_free(*state_p);
    *state_p = NULL;
}

int main(int argc, char **argv)
{
    static const char *const follows[] = {"registry", "scheduling", NULL};
    static const struct bus_on events[] = {
        BUS_ON(registry_programme_configured),
        BUS_ON(registry_programme_ended),
        BUS_ON(registry_person_registered),
        BUS_ON(registry_profile_changed),
        BUS_ON(registry_person_moved),
        BUS_ON(registry_status_recorded),
        BUS_ON(registry_person_merged),
        BUS_ON(registry_person_erased),
        BUS_ON(registry_intake_held),
        BUS_ON(registry_volunteer_recruited),
        BUS_ON(registry_volunteer_available),
        BUS_ON(registry_volunteer_rested),
        BUS_ON(registry_volunteer_stopped),
        BUS_ON(scheduling_meeting_held),
        {0},
    };
    static const struct bus_on commands[] = {
        BUS_ON(matching_accept_match),
        BUS_ON(matching_decline_match),
        BUS_ON(matching_pair_manually),
        BUS_ON(matching_log_contact),
        BUS_ON(matching_stop_duo),
        BUS_ON(matching_mark_informal),
        BUS_ON(matching_leave_waiting),
        BUS_ON(matching_open_help_request),
        BUS_ON(matching_assign_help_request),
        BUS_ON(matching_fulfil_help_request),
        BUS_ON(matching_drop_help_request),
        {0},
    };
    static const struct bus_on queries[] = {
        BUS_ON(matching_waiting_list),
        BUS_ON(matching_proposals),
        BUS_ON(matching_duos),
        BUS_ON(matching_current_matching),
        BUS_ON(matching_explain),
        BUS_ON(matching_help_requests),
        {0},
    };
    static const struct bus_on_timer timers[] = {
        {"expire", on_expire}, {"rested", on_rested}, {"silence", on_silence}, {"round", on_round}, {0},
    };
    static const struct bus_service matching = {
        .name = "matching",
        .title = "proposes who meets whom, and follows duos",
        .follows = follows,
        .events = events,
        .commands = commands,
        .queries = queries,
        .timers = timers,
        .statements = matching_sql,
        .migrations = matching_migrations,
        .open = open_state,
        .close = close_state,
    };
    return bus_main(argc, argv, &matching);
}
