/* reporting: what a municipality is paid by. Counts what the others tell, and opens each figure to its
 * events. Tells partners what became of whom they referred. */
#include "bus/service.h"
#include "schema/gateway.h"
#include "schema/matching.h"
#include "schema/registry.h"
#include "schema/reporting.h"
#include "schema/scheduling.h"
#include "sql/reporting.h"
#include "state.h"

int main(int argc, char **argv)
{
    static const char *const follows[] = {"gateway", "registry", "matching", "scheduling", NULL};
    static const struct bus_on events[] = {
        BUS_ON(gateway_referral_received),
        BUS_ON(registry_partnership_formed),
        BUS_ON(registry_programme_configured),
        BUS_ON(registry_person_registered),
        BUS_ON(registry_person_moved),
        BUS_ON(registry_person_merged),
        BUS_ON(registry_person_erased),
        BUS_ON(registry_consent_given),
        BUS_ON(registry_consent_withdrawn),
        BUS_ON(registry_referral_linked),
        BUS_ON(registry_intake_held),
        BUS_ON(registry_volunteer_recruited),
        BUS_ON(matching_waiting_started),
        BUS_ON(matching_waiting_ended),
        BUS_ON(matching_duo_started),
        BUS_ON(matching_duo_contact_logged),
        BUS_ON(matching_duo_stopped),
        BUS_ON(matching_duo_became_informal),
        BUS_ON(matching_help_request_opened),
        BUS_ON(matching_help_request_assigned),
        BUS_ON(matching_help_request_fulfilled),
        BUS_ON(matching_help_request_dropped),
        BUS_ON(matching_help_request_reopened),
        BUS_ON(scheduling_session_held),
        BUS_ON(scheduling_attended),
        BUS_ON(scheduling_attendance_withdrawn),
        BUS_ON(scheduling_attendance_merged),
        {0},
    };
    static const struct bus_on commands[] = {
        BUS_ON(reporting_confirm_target),
        BUS_ON(reporting_set_rate),
        BUS_ON(reporting_correct_result),
        BUS_ON(reporting_close_report),
        {0},
    };
    static const struct bus_on queries[] = {
        BUS_ON(reporting_report),    BUS_ON(reporting_trace),         BUS_ON(reporting_trace_durations),
        BUS_ON(reporting_durations), BUS_ON(reporting_export),        BUS_ON(reporting_targets),
        BUS_ON(reporting_rates),     BUS_ON(reporting_own_referrals), {0},
    };
    static const struct bus_setting settings[] = {
        {"PROJECT_YEAR_MONTH",
         "month in which a project year begins, 1 to 12; the same for as long as there are results", "1"},
        {0},
    };
    static const struct bus_whole wholes[] = {{"PROJECT_YEAR_MONTH", 1, 12}, {0}};
    static const struct bus_service reporting = {
        .name = "reporting",
        .title = "counts what programmes do, and opens each figure to its events",
        .follows = follows,
        .events = events,
        .commands = commands,
        .queries = queries,
        .settings = settings,
        .wholes = wholes,
        .statements = reporting_sql,
        .migrations = reporting_migrations,
        .open = state_open,
        .close = state_close,
    };
    return bus_main(argc, argv, &reporting);
}
