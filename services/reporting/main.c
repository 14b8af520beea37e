/* reporting: what a municipality is paid by. Counts what the others tell, and opens each figure to its
 * events. Tells partners what became of whom they referred. */
#include "handlers.h"
#include "sql/reporting.h"
#include "state.h"

int main(int argc, char **argv)
{
    static const char *const follows[] = {"gateway", "registry", "matching", "scheduling", NULL};
    static const struct bus_on events[] = {
        BUS_ON(gateway_referral_received, on_referral_received),
        BUS_ON(registry_partnership_formed, on_partnership_formed),
        BUS_ON(registry_programme_configured, on_programme_configured),
        BUS_ON(registry_person_registered, on_person_registered),
        BUS_ON(registry_person_moved, on_person_moved),
        BUS_ON(registry_person_merged, on_person_merged),
        BUS_ON(registry_person_erased, on_person_erased),
        BUS_ON(registry_consent_given, on_consent_given),
        BUS_ON(registry_consent_withdrawn, on_consent_withdrawn),
        BUS_ON(registry_referral_linked, on_referral_linked),
        BUS_ON(registry_intake_held, on_intake_held),
        BUS_ON(registry_volunteer_recruited, on_volunteer_recruited),
        BUS_ON(matching_waiting_started, on_waiting_started),
        BUS_ON(matching_waiting_ended, on_waiting_ended),
        BUS_ON(matching_duo_started, on_duo_started),
        BUS_ON(matching_duo_contact_logged, on_duo_contact_logged),
        BUS_ON(matching_duo_stopped, on_duo_stopped),
        BUS_ON(matching_duo_became_informal, on_duo_became_informal),
        BUS_ON(matching_help_request_opened, on_help_request_opened),
        BUS_ON(matching_help_request_assigned, on_help_request_assigned),
        BUS_ON(matching_help_request_fulfilled, on_help_request_fulfilled),
        BUS_ON(matching_help_request_dropped, on_help_request_dropped),
        BUS_ON(matching_help_request_reopened, on_help_request_reopened),
        BUS_ON(scheduling_session_held, on_session_held),
        BUS_ON(scheduling_attended, on_attended),
        BUS_ON(scheduling_attendance_merged, on_attendance_merged),
        {0},
    };
    static const struct bus_on commands[] = {
        BUS_ON(reporting_confirm_target, confirm_target),
        BUS_ON(reporting_set_rate, set_rate),
        BUS_ON(reporting_correct_result, correct_result),
        BUS_ON(reporting_close_report, close_report),
        {0},
    };
    static const struct bus_on queries[] = {
        BUS_ON(reporting_report, query_report),
        BUS_ON(reporting_trace, query_trace),
        BUS_ON(reporting_trace_durations, query_trace_durations),
        BUS_ON(reporting_durations, query_durations),
        BUS_ON(reporting_export, query_export),
        BUS_ON(reporting_targets, query_targets),
        BUS_ON(reporting_rates, query_rates),
        BUS_ON(reporting_own_referrals, query_own_referrals),
        {0},
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
