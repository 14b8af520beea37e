/* What scheduling does with the messages of its table; see main.c. */
#ifndef SCHEDULING_HANDLERS_H
#define SCHEDULING_HANDLERS_H

#include "bus/service.h"
#include "schema/matching.h"
#include "schema/registry.h"
#include "schema/scheduling.h"

registry_programme_configured_fn on_programme_configured;
registry_programme_ended_fn on_programme_ended;
registry_member_joined_fn on_member_joined;
registry_person_registered_fn on_person_registered;
registry_person_moved_fn on_person_moved;
registry_person_merged_fn on_person_merged;
registry_person_erased_fn on_person_erased;
matching_match_accepted_fn on_match_accepted;
matching_match_declined_fn on_match_declined;
matching_match_expired_fn on_match_expired;
matching_match_withdrawn_fn on_match_withdrawn;
matching_duo_started_fn on_duo_started;

scheduling_plan_meeting_fn plan_meeting;
scheduling_move_meeting_fn move_meeting;
scheduling_cancel_meeting_fn cancel_meeting;
scheduling_hold_meeting_fn hold_meeting;
scheduling_create_series_fn create_series;
scheduling_end_series_fn end_series;
scheduling_hold_session_fn hold_session;
scheduling_cancel_session_fn cancel_session;
scheduling_enrol_fn enrol;
scheduling_unenrol_fn unenrol;
scheduling_issue_calendar_link_fn issue_calendar_link;

scheduling_calendar_fn calendar;
scheduling_sessions_fn sessions;
scheduling_series_fn series;
scheduling_meetings_fn meetings;
scheduling_enrolments_fn enrolments;

/* Timers, by the key of what they are about. */
enum bus_status on_schedule_ahead(struct bus_context *ctx, const char *key);
enum bus_status on_meeting_reminder(struct bus_context *ctx, const char *key);
enum bus_status on_session_reminder(struct bus_context *ctx, const char *key);

#endif
