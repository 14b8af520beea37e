/* Every handler of registry, for the table in main.c. */
#ifndef REGISTRY_HANDLERS_H
#define REGISTRY_HANDLERS_H

#include "bus/service.h"
#include "schema/gateway.h"
#include "schema/registry.h"

registry_form_partnership_fn on_form_partnership;
registry_add_member_fn on_add_member;
registry_configure_programme_fn on_configure_programme;
registry_end_programme_fn on_end_programme;
registry_register_organisation_fn on_register_organisation;

registry_register_person_fn on_register_person;
registry_change_profile_fn on_change_profile;
registry_move_person_fn on_move_person;
registry_merge_people_fn on_merge_people;
registry_erase_person_fn on_erase_person;
enum bus_status on_erase_again(struct bus_context *ctx, const char *key);
registry_import_people_fn on_import_people;

registry_recruit_volunteer_fn on_recruit_volunteer;
registry_make_volunteer_available_fn on_make_volunteer_available;
registry_rest_volunteer_fn on_rest_volunteer;
registry_stop_volunteer_fn on_stop_volunteer;
enum bus_status on_rest_over(struct bus_context *ctx, const char *key);

registry_hold_intake_fn on_hold_intake;
registry_review_person_fn on_review_person;
registry_give_consent_fn on_give_consent;
registry_withdraw_consent_fn on_withdraw_consent;

registry_deposit_batch_fn on_deposit_batch;
registry_deposit_personal_fn on_deposit_personal;
enum bus_status on_deposit_stale(struct bus_context *ctx, const char *key);
enum bus_status on_early_status_stale(struct bus_context *ctx, const char *key);
gateway_referral_received_fn on_referral_received;
gateway_status_changed_fn on_status_changed;

registry_person_fn on_person;
registry_contact_fn on_contact;
registry_contacts_fn on_contacts;
registry_people_fn on_people;
registry_arrivals_fn on_arrivals;
registry_away_fn on_away;
registry_duplicates_fn on_duplicates;
registry_partnerships_fn on_partnerships;
registry_programmes_fn on_programmes;
registry_municipalities_fn on_municipalities;
registry_organisations_fn on_organisations;
registry_belonging_fn on_belonging;
registry_check_limits_fn on_check_limits;

#endif
