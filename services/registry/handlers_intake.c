/* Intakes, that none is needed, and consents given and withdrawn. */
#include <string.h>

#include "bus/service.h"
#include "intake_store.h"
#include "person_store.h"
#include "programme_store.h"
#include "said.h"
#include "schema/registry.h"
#include "state.h"
#include "volunteer.h"

static enum bus_status may_join(struct bus_context *ctx, const struct registry_hold_intake *message,
                                const struct person_standing *person)
{
    const struct registry_state *state = ctx->state;
    bool recorded = false;
    if (message->side == COMMON_SIDE_NEWCOMER && message->has_capacity)
        return bus_fail_at(ctx->err, BUS_INVALID, "/capacity",
                           "`capacity` is for volunteers; leave it out for a newcomer");
    if (message->side == COMMON_SIDE_VOLUNTEER) {
        enum bus_status status = volunteer_may(person->volunteer, VOLUNTEER_INTAKE, ctx->err);
        if (status != BUS_OK)
            return status;
    }
    enum bus_status status = intake_look(ctx, message->intake_id, &recorded);
    if (status != BUS_OK)
        return status;
    if (recorded)
        return bus_fail(ctx->err, BUS_CONFLICT, "this intake_id is taken; leave it out and one is made");
    const struct atlas_entry *programme = atlas_find(&state->atlas, ATLAS_PROGRAMME, message->programme);
    if (programme == NULL)
        return bus_fail_at(ctx->err, BUS_NOT_FOUND, "/programme",
                           "there is no programme %s; configure it first", message->programme);
    if (strcmp(programme->of, person->partnership) != 0)
        return bus_fail_at(ctx->err, BUS_CONFLICT, "/programme",
                           "programme %s is run by %s, but this person is served by %s", message->programme,
                           programme->of, person->partnership);
    return programme_goes_on(ctx, message->programme);
}

enum bus_status on_registry_hold_intake(struct bus_context *ctx, const struct registry_hold_intake *message)
{
    struct person_standing person;
    enum bus_status status = person_standing(ctx, message->person_id, &person);
    if (status == BUS_OK)
        status = may_join(ctx, message, &person);
    if (status != BUS_OK)
        return status;
    bool volunteers = message->side == COMMON_SIDE_VOLUNTEER;
    struct registry_intake_held held = {
        .intake_id = bus_id_is_nil(message->intake_id) ? bus_new_id(ctx) : message->intake_id,
        .person_id = person.id,
        .partnership = person.partnership,
        .programme = message->programme,
        .side = message->side,
        .nis = person.nis,
        .has_capacity = volunteers,
        .capacity = message->has_capacity ? message->capacity : person.capacity,
    };
    status = intake_put(ctx, &held);
    if (status == BUS_OK)
        status = say(ctx, &registry_intake_held_type, bus_id_text(ctx, held.intake_id), held.partnership,
                     held.nis, &held);
    struct registry_hold_intake_reply reply = {.intake_id = held.intake_id, .person_id = held.person_id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_review_person(struct bus_context *ctx,
                                          const struct registry_review_person *message)
{
    struct person_standing person;
    enum bus_status status = person_standing(ctx, message->person_id, &person);
    if (status == BUS_OK)
        status = person_review(ctx, person.id);
    struct registry_person_reviewed said = {.person_id = person.id, .partnership = person.partnership};
    if (status == BUS_OK)
        status = say(ctx, &registry_person_reviewed_type, bus_id_text(ctx, person.id), person.partnership,
                     person.nis, &said);
    struct registry_review_person_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_give_consent(struct bus_context *ctx, const struct registry_give_consent *message)
{
    struct person person;
    enum consent_answer answer = CONSENT_NEVER_ASKED;
    enum bus_status status = person_get_known(ctx, message->person_id, &person);
    if (status == BUS_OK)
        status = consent_get(ctx, person.id, message->purpose, &answer);
    if (status == BUS_OK && answer != CONSENT_GIVEN) {
        struct registry_consent_given said = {
            .person_id = person.id, .partnership = person.partnership, .purpose = message->purpose};
        status = consent_put(ctx, person.id, message->purpose, true);
        if (status == BUS_OK)
            status = say(ctx, &registry_consent_given_type, bus_id_text(ctx, person.id), person.partnership,
                         person.nis, &said);
    }
    struct registry_give_consent_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_withdraw_consent(struct bus_context *ctx,
                                             const struct registry_withdraw_consent *message)
{
    struct person person;
    enum consent_answer answer = CONSENT_NEVER_ASKED;
    enum bus_status status = person_get_known(ctx, message->person_id, &person);
    if (status == BUS_OK)
        status = consent_get(ctx, person.id, message->purpose, &answer);
    if (status == BUS_OK && answer != CONSENT_WITHDRAWN) {
        struct registry_consent_withdrawn said = {
            .person_id = person.id, .partnership = person.partnership, .purpose = message->purpose};
        status = consent_put(ctx, person.id, message->purpose, false);
        if (status == BUS_OK)
            status = say(ctx, &registry_consent_withdrawn_type, bus_id_text(ctx, person.id),
                         person.partnership, person.nis, &said);
    }
    struct registry_withdraw_consent_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
