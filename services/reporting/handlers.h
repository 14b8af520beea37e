/* What reporting does on each message; main.c has the table. */
#ifndef REPORTING_HANDLERS_H
#define REPORTING_HANDLERS_H

#include "bus/service.h"
#include "schema/matching.h"
#include "schema/registry.h"
#include "schema/reporting.h"
#include "schema/scheduling.h"

registry_partnership_formed_fn on_partnership_formed;
registry_programme_configured_fn on_programme_configured;
registry_person_registered_fn on_person_registered;
registry_person_moved_fn on_person_moved;
registry_person_merged_fn on_person_merged;
registry_person_erased_fn on_person_erased;
registry_intake_held_fn on_intake_held;
registry_volunteer_recruited_fn on_volunteer_recruited;

matching_waiting_started_fn on_waiting_started;
matching_waiting_ended_fn on_waiting_ended;
matching_duo_started_fn on_duo_started;
matching_duo_contact_logged_fn on_duo_contact_logged;
matching_duo_stopped_fn on_duo_stopped;
matching_duo_became_informal_fn on_duo_became_informal;
matching_help_request_fulfilled_fn on_help_request_fulfilled;

scheduling_session_held_fn on_session_held;
scheduling_attended_fn on_attended;

reporting_confirm_target_fn confirm_target;
reporting_set_rate_fn set_rate;
reporting_correct_result_fn correct_result;
reporting_close_report_fn close_report;

reporting_report_fn query_report;
reporting_trace_fn query_trace;
reporting_trace_durations_fn query_trace_durations;
reporting_durations_fn query_durations;
reporting_export_fn query_export;
reporting_targets_fn query_targets;
reporting_rates_fn query_rates;

#endif
