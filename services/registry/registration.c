/* See registration.h. */
#include "registration.h"

#include <stdlib.h>

#include "bus/clock.h"
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

int64_t registration_year(const struct bus_context *ctx)
{
    char today[11];
    bus_date_format((int32_t)(ctx->now_us / BUS_DAY_US), today);
    return strtol(today, NULL, 10);
}

static enum bus_status check_year(struct bus_context *ctx, int64_t year, const char *pointer)
{
    if (year <= registration_year(ctx))
        return BUS_OK;
    return bus_fail_at(ctx->err, BUS_INVALID, pointer,
                       "%lld lies ahead: give the year of birth, or leave it out", (long long)year);
}

enum bus_status registration_years(struct bus_context *ctx, const struct common_profile *profile)
{
    enum bus_status status = BUS_OK;
    if (profile == NULL)
        return BUS_OK;
    if (profile->has_birth_year)
        status = check_year(ctx, profile->birth_year, "/profile/birth_year");
    for (size_t i = 0; status == BUS_OK && i < profile->child_birth_years_n; i++)
        status = check_year(ctx, profile->child_birth_years[i],
                            bus_printf(ctx->arena, "/profile/child_birth_years/%zu", i));
    return status;
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
