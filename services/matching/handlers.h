/* Everything matching hears and answers, by the file it stands in; main.c has the table. */
#ifndef MATCHING_HANDLERS_H
#define MATCHING_HANDLERS_H

#include "bus/service.h"
#include "schema/matching.h"
#include "schema/registry.h"
#include "schema/scheduling.h"

/* handlers_people.c */
registry_person_registered_fn on_person_registered;
registry_profile_changed_fn on_profile_changed;
registry_person_moved_fn on_person_moved;
registry_person_erased_fn on_person_erased;

/* handlers_merge.c */
registry_status_recorded_fn on_status_recorded;
registry_person_merged_fn on_person_merged;

/* handlers_programmes.c */
registry_programme_configured_fn on_programme_configured;
registry_programme_ended_fn on_programme_ended;
enum bus_status on_round(struct bus_context *ctx, const char *key);

/* handlers_lists.c */
registry_intake_held_fn on_intake_held;
registry_volunteer_recruited_fn on_volunteer_recruited;
registry_volunteer_available_fn on_volunteer_available;
registry_volunteer_rested_fn on_volunteer_rested;
registry_volunteer_stopped_fn on_volunteer_stopped;
matching_leave_waiting_fn leave_waiting;

/* handlers_proposals.c */
matching_accept_match_fn accept_match;
matching_decline_match_fn decline_match;
matching_pair_manually_fn pair_manually;
scheduling_meeting_held_fn on_meeting_held;
enum bus_status on_expire(struct bus_context *ctx, const char *key);
enum bus_status on_rested(struct bus_context *ctx, const char *key);

/* handlers_duos.c */
matching_log_contact_fn log_contact;
matching_stop_duo_fn stop_duo;
matching_mark_informal_fn mark_informal;
enum bus_status on_silence(struct bus_context *ctx, const char *key);

/* handlers_requests.c */
matching_open_help_request_fn open_help_request;
matching_assign_help_request_fn assign_help_request;
matching_fulfil_help_request_fn fulfil_help_request;
matching_drop_help_request_fn drop_help_request;

/* queries_lists.c, queries_pages.c, queries_explain.c */
matching_waiting_list_fn query_waiting_list;
matching_current_matching_fn query_current_matching;
matching_proposals_fn query_proposals;
matching_duos_fn query_duos;
matching_help_requests_fn query_help_requests;
matching_explain_fn query_explain;

#endif
