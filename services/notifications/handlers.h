/* What notifications does with the messages of its table; see main.c. */
#ifndef NOTIFICATIONS_HANDLERS_H
#define NOTIFICATIONS_HANDLERS_H

#include "bus/service.h"
#include "schema/matching.h"
#include "schema/notifications.h"
#include "schema/registry.h"
#include "schema/scheduling.h"

/* handlers_people.c: who can be told, and how */
registry_partnership_formed_fn on_partnership_formed;
registry_programme_configured_fn on_programme_configured;
registry_person_registered_fn on_person_registered;
registry_profile_changed_fn on_profile_changed;
registry_person_merged_fn on_person_merged;
registry_person_erased_fn on_person_erased;
registry_consent_given_fn on_consent_given;
registry_consent_withdrawn_fn on_consent_withdrawn;
registry_status_recorded_fn on_status_recorded;

/* handlers_duos.c: what matching says */
matching_match_accepted_fn on_match_accepted;
matching_match_declined_fn on_match_declined;
matching_match_expired_fn on_match_expired;
matching_match_withdrawn_fn on_match_withdrawn;
matching_duo_started_fn on_duo_started;
matching_duo_silent_fn on_duo_silent;
matching_duo_resumed_fn on_duo_resumed;
matching_duo_stopped_fn on_duo_stopped;
matching_duo_became_informal_fn on_duo_became_informal;
matching_waiting_ended_fn on_waiting_ended;
matching_help_request_assigned_fn on_help_request_assigned;
matching_help_request_fulfilled_fn on_help_request_fulfilled;
matching_help_request_dropped_fn on_help_request_dropped;

/* handlers_meetings.c: what scheduling says */
scheduling_meeting_planned_fn on_meeting_planned;
scheduling_meeting_moved_fn on_meeting_moved;
scheduling_meeting_cancelled_fn on_meeting_cancelled;
scheduling_meeting_held_fn on_meeting_held;
scheduling_series_created_fn on_series_created;
scheduling_session_cancelled_fn on_session_cancelled;
scheduling_series_ended_fn on_series_ended;
scheduling_enrolled_fn on_enrolled;
scheduling_waitlisted_fn on_waitlisted;
scheduling_promoted_fn on_promoted;
scheduling_unenrolled_fn on_unenrolled;
scheduling_reminder_due_fn on_reminder_due;

/* handlers_messages.c */
notifications_set_quiet_hours_fn on_set_quiet_hours;
notifications_resend_message_fn on_resend_message;
notifications_messages_fn on_messages;
notifications_message_counts_fn on_message_counts;
notifications_quiet_hours_fn on_quiet_hours;

#endif
