/* See registration.h. */
#include "registration.h"

#include "said.h"

enum bus_status registration_place(struct bus_context *ctx, const struct person_spot *spot,
                                   const char *partnership, struct person *person)
{
    const char *postcode = spot->place.postcode;
    if (spot->place.nis == NULL)
        return bus_fail_at(ctx->err, BUS_INVALID, "/postcode", "there is no postcode %s", postcode);
    if (partnership == NULL && spot->served_by == NULL)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "no partnership serves postcode %s; name one in `partnership`", postcode);
    enum bus_status status = may(ctx, partnership ? partnership : spot->served_by, spot->place.nis);
    if (status != BUS_OK)
        return status;
    if (partnership != NULL && !spot->partnership_exists)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s; form it first", partnership);
    if (spot->id_taken)
        return bus_fail(ctx->err, BUS_CONFLICT, "this person_id is taken; leave it out and one is made");
    person->postcode = postcode;
    person->nis = spot->place.nis;
    person->partnership = partnership ? partnership : spot->served_by;
    person->known = true;
    person->registered_us = ctx->now_us;
    return BUS_OK;
}

enum bus_status registration_write(struct bus_context *ctx, const struct person *person,
                                   const struct person_spot *spot)
{
    struct registry_person_registered said = {
        .person_id = person->id,
        .partnership = person->partnership,
        .place = spot->place,
        .profile = person->profile,
        .preferred_language = person->preferred_language,
        .channel = person->channel,
        .found_through = person->found_through,
    };
    enum bus_status status = person_new(ctx, person);
    return status != BUS_OK ? status
                            : say(ctx, &registry_person_registered_type, bus_id_text(ctx, person->id),
                                  person->partnership, person->nis, &said);
}
