/* Volunteers: recruited, available, resting, stopped. */
#include <string.h>

#include "bus/service.h"
#include "resting.h"
#include "said.h"
#include "schema/registry.h"
#include "timers.h"
#include "volunteer.h"

static enum bus_status get(struct bus_context *ctx, struct bus_id id, enum volunteer_step step,
                           struct person *ret)
{
    enum bus_status status = person_get_known(ctx, id, ret);
    return status != BUS_OK ? status : volunteer_may(ret->volunteer.state, step, ctx->err);
}

enum bus_status on_registry_recruit_volunteer(struct bus_context *ctx,
                                              const struct registry_recruit_volunteer *message)
{
    struct person person;
    enum bus_status status = get(ctx, message->person_id, VOLUNTEER_RECRUIT, &person);
    if (status != BUS_OK)
        return status;
    const char *informed_on = message->informed_on ? message->informed_on : person.volunteer.informed_on;
    person.volunteer = (struct person_volunteer){.state = REGISTRY_VOLUNTEER_STATE_RECRUITED,
                                                 .capacity = message->capacity,
                                                 .informed_on = informed_on};
    struct registry_volunteer_recruited said = {.person_id = person.id,
                                                .partnership = person.partnership,
                                                .nis = person.nis,
                                                .capacity = message->capacity,
                                                .found_through = person.found_through};
    status = volunteer_put(ctx, &person);
    if (status == BUS_OK)
        status = say(ctx, &registry_volunteer_recruited_type, bus_id_text(ctx, person.id), person.partnership,
                     person.nis, &said);
    struct registry_recruit_volunteer_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

/* Who was only recruited comes with the capacity of that, whatever they had before they stopped. */
static enum bus_status make_available(struct bus_context *ctx, struct person *person, bool capacity_given)
{
    struct person_volunteer *volunteer = &person->volunteer;
    bool unchanged = !capacity_given && volunteer->state != REGISTRY_VOLUNTEER_STATE_RECRUITED;
    volunteer->state = REGISTRY_VOLUNTEER_STATE_AVAILABLE;
    volunteer->rest_until = NULL;
    struct registry_volunteer_available said = {.person_id = person->id,
                                                .partnership = person->partnership,
                                                .nis = person->nis,
                                                .capacity = volunteer->capacity,
                                                .has_capacity_unchanged = unchanged,
                                                .capacity_unchanged = unchanged};
    enum bus_status status = volunteer_put(ctx, person);
    return status != BUS_OK ? status
                            : say(ctx, &registry_volunteer_available_type, bus_id_text(ctx, person->id),
                                  person->partnership, person->nis, &said);
}

enum bus_status on_registry_make_volunteer_available(struct bus_context *ctx,
                                                     const struct registry_make_volunteer_available *message)
{
    struct person person;
    enum bus_status status = get(ctx, message->person_id, VOLUNTEER_AVAILABLE, &person);
    if (status != BUS_OK)
        return status;
    struct person_volunteer *volunteer = &person.volunteer;
    bool changes = volunteer->state != REGISTRY_VOLUNTEER_STATE_AVAILABLE || message->has_capacity;
    if (message->has_capacity)
        volunteer->capacity = message->capacity;
    if (volunteer->rest_until != NULL)
        status = bus_timer_clear(ctx, "rest-over", bus_id_text(ctx, person.id));
    if (status == BUS_OK && changes)
        status = make_available(ctx, &person, message->has_capacity);
    struct registry_make_volunteer_available_reply reply = {.person_id = person.id,
                                                            .capacity = volunteer->capacity};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

/* The timer of a rest. By then they may have stopped, or be erased: then there is nothing to end. */
enum bus_status on_rest_over(struct bus_context *ctx, const char *key)
{
    struct bus_id id;
    struct person person;
    if (!bus_id_parse(key, strlen(key), &id))
        return bus_fail(ctx->err, BUS_BUG, "the timer rest-over has a key that is no id");
    enum bus_status status = person_get(ctx, id, &person);
    if (status == BUS_NOT_FOUND)
        return BUS_OK;
    if (status != BUS_OK || person.volunteer.state != REGISTRY_VOLUNTEER_STATE_RESTING ||
        person.volunteer.rest_until == NULL)
        return status;
    return make_available(ctx, &person, false);
}

enum bus_status volunteer_rest(struct bus_context *ctx, struct person *person, const char *until,
                               int64_t due_us)
{
    struct person_volunteer *volunteer = &person->volunteer;
    const char *id = bus_id_text(ctx, person->id);
    bool timed = volunteer->rest_until != NULL;
    volunteer->state = REGISTRY_VOLUNTEER_STATE_RESTING;
    volunteer->rest_until = until;
    struct registry_volunteer_rested said = {
        .person_id = person->id, .partnership = person->partnership, .nis = person->nis, .until = until};
    enum bus_status status = volunteer_put(ctx, person);
    if (status == BUS_OK && until != NULL)
        status = bus_timer_set(ctx, "rest-over", id, due_us);
    else if (status == BUS_OK && timed)
        status = bus_timer_clear(ctx, "rest-over", id);
    return status != BUS_OK
               ? status
               : say(ctx, &registry_volunteer_rested_type, id, person->partnership, person->nis, &said);
}

enum bus_status on_registry_rest_volunteer(struct bus_context *ctx,
                                           const struct registry_rest_volunteer *message)
{
    struct person person;
    int64_t due_us = 0;
    enum bus_status status = get(ctx, message->person_id, VOLUNTEER_REST, &person);
    if (status == BUS_OK && message->until != NULL)
        status = volunteer_rest_end(message->until, ctx->now_us, &due_us, ctx->err);
    if (status == BUS_OK)
        status = volunteer_rest(ctx, &person, message->until, due_us);
    struct registry_rest_volunteer_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}

enum bus_status on_registry_stop_volunteer(struct bus_context *ctx,
                                           const struct registry_stop_volunteer *message)
{
    struct person person;
    enum bus_status status = get(ctx, message->person_id, VOLUNTEER_STOP, &person);
    if (status != BUS_OK)
        return status;
    struct person_volunteer *volunteer = &person.volunteer;
    const char *id = bus_id_text(ctx, person.id);
    if (volunteer->rest_until != NULL)
        status = bus_timer_clear(ctx, "rest-over", id);
    if (status == BUS_OK && volunteer->state != REGISTRY_VOLUNTEER_STATE_STOPPED) {
        struct registry_volunteer_stopped said = {.person_id = person.id,
                                                  .partnership = person.partnership,
                                                  .nis = person.nis,
                                                  .reason = message->reason};
        volunteer->state = REGISTRY_VOLUNTEER_STATE_STOPPED;
        volunteer->rest_until = NULL;
        status = volunteer_put(ctx, &person);
        if (status == BUS_OK)
            status = say(ctx, &registry_volunteer_stopped_type, id, person.partnership, person.nis, &said);
    }
    struct registry_stop_volunteer_reply reply = {.person_id = person.id};
    return status != BUS_OK ? status : bus_reply(ctx, &reply);
}
