/* See years.h. */
#include "years.h"

#include <stdlib.h>

#include "bus/clock.h"
#include "schema/common.h"

#define PROFILE "profile"

struct looking {
    const char *place;
    int64_t latest;
    struct bus_arena *arena;
    struct bus_faults *faults;
};

static void look(const struct looking *self, int64_t year, const char *name)
{
    const char *pointer = bus_printf(self->arena, "%s/" PROFILE "/%s", self->place, name);
    if (year > self->latest && !input_is_faulty(self->faults, pointer))
        input_fault(self->faults, self->arena, pointer,
                    "lies ahead: give the year of birth, or leave it out");
}

static const struct common_profile *profile_find(const struct bus_shape *shape, const void *value)
{
    const struct bus_field *field = input_field_find(shape, PROFILE);
    if (field == NULL || field->shape != &common_profile_shape || field->array)
        return NULL;
    const void *slot = (const char *)value + field->offset;
    return field->required ? slot : *(const struct common_profile *const *)slot;
}

void years_refuse(const struct bus_shape *shape, const void *value, const char *place, int64_t latest_us,
                  struct bus_arena *arena, struct bus_faults *faults)
{
    char latest[11];
    const struct common_profile *profile = profile_find(shape, value);
    if (profile == NULL)
        return;
    bus_date_format((int32_t)(latest_us / BUS_DAY_US), latest);
    const struct looking self = {place, strtol(latest, NULL, 10), arena, faults};
    if (profile->has_birth_year)
        look(&self, profile->birth_year, "birth_year");
    for (size_t i = 0; i < profile->child_birth_years_n; i++)
        look(&self, profile->child_birth_years[i], bus_printf(arena, "child_birth_years/%zu", i));
}
