/* A person is forgotten: asked for, or again after a restore. */
#include <string.h>

#include "bus/service.h"
#include "erasures.h"
#include "person_store.h"
#include "referral_store.h"
#include "said.h"
#include "schema/registry.h"
#include "state.h"
#include "timers.h"

static enum bus_status erase(struct bus_context *ctx, const struct person *person,
                             enum registry_erase_reason reason)
{
    const char *id = bus_id_text(ctx, person->id);
    struct registry_person_erased said = {
        .person_id = person->id, .partnership = person->partnership, .reason = reason};
    enum bus_status status = BUS_OK;
    if (person->volunteer.rest_until != NULL)
        status = bus_timer_clear(ctx, "rest-over", id);
    if (status == BUS_OK)
        status = links_erase(ctx, person->id);
    if (status == BUS_OK)
        status = person_erase(ctx, person->id);
    if (status == BUS_OK)
        status = erasures_note(ctx, person->id);
    return status != BUS_OK
               ? status
               : say(ctx, &registry_person_erased_type, id, person->partnership, person->nis, &said);
}

enum bus_status on_erase_again(struct bus_context *ctx, const char *key)
{
    struct registry_state *state = ctx->state;
    struct person person;
    struct bus_id id;
    state->erase_again = false;
    if (!bus_id_parse(key, strlen(key), &id))
        return bus_fail(ctx->err, BUS_BUG, "the key of this timer is no id");
    enum bus_status status = person_get(ctx, id, &person);
    if (status == BUS_NOT_FOUND || (status == BUS_OK && !person.known))
        return BUS_OK;
    if (status != BUS_OK)
        return status;
    return erase(ctx, &person, REGISTRY_ERASE_REASON_REQUEST);
}

enum bus_status on_registry_erase_person(struct bus_context *ctx, const struct registry_erase_person *message)
{
    struct person person;
    enum bus_status status = person_get(ctx, message->person_id, &person);
    if (status == BUS_OK)
        status = may(ctx, person.partnership, person.nis);
    if (status == BUS_OK && person.known)
        status = erase(ctx, &person, message->reason ? message->reason : REGISTRY_ERASE_REASON_REQUEST);
    struct registry_erase_person_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
