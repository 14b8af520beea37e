/* People: registered, changed, moved. */
#include <string.h>

#include "bus/service.h"
#include "grounds.h"
#include "person_move.h"
#include "registration.h"
#include "said.h"
#include "schema/registry.h"
#include "state.h"

/* Every field that is wrong is a fault of its own. */
static enum bus_status clean(struct bus_context *ctx, struct personal_given given, struct personal *ret)
{
    const struct registry_state *state = ctx->state;
    const char *field = NULL;
    enum bus_status status = BUS_OK;
    while (status == BUS_OK &&
           personal_clean(&given, state->insz_key, ctx->arena, ret, &field, ctx->err) != BUS_OK) {
        status = bus_fault_keep(ctx, BUS_INVALID);
        personal_leave_out(&given, field);
    }
    return status;
}

/* ---- register-person */

static enum bus_status reply_registered(struct bus_context *ctx, const struct person *person,
                                        const struct person_alike *alike, size_t n)
{
    struct registry_register_person_reply_possible_duplicates *list =
        bus_alloc_array(ctx->arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        list[i].person_id = alike[i].id;
        list[i].grounds = grounds_list(alike[i].grounds, ctx->arena, &list[i].grounds_n);
    }
    struct registry_register_person_reply reply = {.person_id = person->id,
                                                   .partnership = person->partnership,
                                                   .nis = person->nis,
                                                   .possible_duplicates = list,
                                                   .possible_duplicates_n = n};
    return bus_reply(ctx, &reply);
}

enum bus_status on_registry_register_person(struct bus_context *ctx,
                                            const struct registry_register_person *message)
{
    struct personal_given given = {message->first_name, message->last_name, message->email,
                                   message->phone,      message->street,    message->national_number};
    struct person person = {.preferred_language = message->preferred_language,
                            .found_through = message->found_through};
    struct person_spot *spot = NULL;
    struct person_alike *alike = NULL;
    size_t alike_n = 0;
    enum bus_status status = clean(ctx, given, &person.personal);
    if (status == BUS_OK)
        status = bus_fault_keep(ctx, registration_years(ctx, message->profile));
    if (status == BUS_OK)
        status = person_spots(ctx, message->partnership, &message->postcode, &message->person_id, 1, &spot);
    if (status == BUS_OK)
        status = bus_fault_keep(ctx, registration_place(ctx, spot, message->partnership, &person));
    if (status == BUS_OK)
        status = bus_faults_judge(ctx);
    if (status != BUS_OK)
        return status;
    person.id = bus_id_is_nil(message->person_id) ? bus_new_id(ctx) : message->person_id;
    person.channel = message->channel ? message->channel : personal_channel(&person.personal);
    if (message->profile != NULL)
        person.profile = *message->profile;
    status = person_alike(ctx, person.partnership, &person, 1, &alike, &alike_n);
    if (status != BUS_OK)
        return status;

    struct registry_register_person recorded = *message;
    recorded.channel = person.channel;
    status = record_as(ctx, &registry_register_person_type, &recorded);
    if (status == BUS_OK)
        status = registration_write(ctx, &person, spot);
    return status != BUS_OK ? status : reply_registered(ctx, &person, alike, alike_n);
}

/* ---- change-profile */

static bool reachable(const struct person *person)
{
    return (person->channel != COMMON_CHANNEL_MAIL || person->personal.email != NULL) &&
           (person->channel != COMMON_CHANNEL_SMS || person->personal.phone != NULL);
}

/* Who could be reached, and can no longer because that address is forgotten, is reached another way. */
static void change_personal(struct bus_arena *arena, const struct registry_change_profile *message,
                            const struct personal *change, struct person *person)
{
    bool was_reachable = reachable(person);
    for (size_t i = 0; i < message->forget_n; i++)
        personal_forget(&person->personal, message->forget[i], arena);
    personal_overlay(&person->personal, change, arena);
    if (message->channel == COMMON_CHANNEL_UNSET && was_reachable && !reachable(person))
        person->channel = personal_channel(&person->personal);
}

enum bus_status on_registry_change_profile(struct bus_context *ctx,
                                           const struct registry_change_profile *message)
{
    struct personal_given given = {.first_name = message->first_name,
                                   .last_name = message->last_name,
                                   .email = message->email,
                                   .phone = message->phone,
                                   .street = message->street,
                                   .national_number = message->national_number};
    struct personal change;
    struct person person;
    enum bus_status status = clean(ctx, given, &change);
    if (status == BUS_OK)
        status = bus_fault_keep(ctx, registration_years(ctx, message->profile));
    if (status == BUS_OK)
        status = bus_faults_judge(ctx);
    if (status == BUS_OK)
        status = person_get_known(ctx, message->person_id, &person);
    if (status != BUS_OK)
        return status;
    bool private = message->forget_n > 0 || !personal_is_empty(&change);

    if (message->profile != NULL)
        person.profile = *message->profile;
    if (message->preferred_language != NULL)
        person.preferred_language = message->preferred_language;
    if (message->channel != 0)
        person.channel = message->channel;
    change_personal(ctx->arena, message, &change, &person);
    struct registry_change_profile recorded = *message;
    recorded.channel = person.channel;
    status = record_as(ctx, &registry_change_profile_type, &recorded);
    if (status == BUS_OK)
        status = person_change(ctx, &person);
    if (status == BUS_OK && private)
        status = person_put_private(ctx, &person);
    struct registry_profile_changed said = {.person_id = person.id,
                                            .partnership = person.partnership,
                                            .profile = person.profile,
                                            .preferred_language = person.preferred_language,
                                            .channel = person.channel};
    if (status == BUS_OK)
        status = say(ctx, &registry_profile_changed_type, bus_id_text(ctx, person.id), person.partnership,
                     person.nis, &said);
    struct registry_change_profile_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

/* ---- move-person */

enum bus_status person_move(struct bus_context *ctx, struct person *person, const struct person_spot *spot)
{
    const char *from = person->partnership;
    struct registry_person_moved said = {
        .person_id = person->id, .place = spot->place, .from_nis = person->nis};
    person->postcode = spot->place.postcode;
    person->nis = spot->place.nis;
    if (spot->served_by != NULL)
        person->partnership = spot->served_by;
    said.partnership = person->partnership;
    said.from_partnership = strcmp(from, person->partnership) != 0 ? from : NULL;
    enum bus_status status = person_change(ctx, person);
    return status != BUS_OK ? status
                            : say(ctx, &registry_person_moved_type, bus_id_text(ctx, person->id),
                                  person->partnership, person->nis, &said);
}

enum bus_status on_registry_move_person(struct bus_context *ctx, const struct registry_move_person *message)
{
    struct personal_given given = {.street = message->street};
    struct personal change;
    struct person person;
    struct person_spot *spot = NULL;
    enum bus_status status = clean(ctx, given, &change);
    if (status == BUS_OK)
        status = person_spots(ctx, NULL, &message->postcode, NULL, 1, &spot);
    if (status == BUS_OK && spot->place.nis == NULL)
        status = bus_fault_keep(ctx, bus_fail_at(ctx->err, BUS_INVALID, "/postcode",
                                                 "there is no postcode %s", message->postcode));
    if (status == BUS_OK)
        status = bus_faults_judge(ctx);
    if (status == BUS_OK)
        status = person_get_known(ctx, message->person_id, &person);
    if (status != BUS_OK)
        return status;
    bool elsewhere = strcmp(person.postcode, message->postcode) != 0;
    bool to_another = spot->served_by != NULL && strcmp(spot->served_by, person.partnership) != 0;
    bool moves = elsewhere || to_another;
    if (moves)
        status = may(ctx, spot->served_by ? spot->served_by : person.partnership, spot->place.nis);
    if (status != BUS_OK)
        return status;

    if (moves)
        status = person_move(ctx, &person, spot);
    if (status == BUS_OK && (change.street != NULL || (elsewhere && person.personal.street != NULL))) {
        person.personal.street = change.street; /* the old street is never right at the new postcode */
        status = person_put_private(ctx, &person);
    }
    struct registry_move_person_reply reply = {
        .person_id = person.id, .partnership = person.partnership, .nis = person.nis};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
