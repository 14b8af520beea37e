/* See national_number.h. */
#include "national_number.h"

#include "privacy/number.h"

struct refusing {
    struct bus_faults *faults;
    struct bus_arena *arena;
};

static void refuse(void *context, const char *pointer)
{
    const struct refusing *self = context;
    input_fault(self->faults, self->arena, pointer, PRIVACY_NUMBER_WORDS);
}

void national_number_refuse(struct bus_faults *faults, struct bus_arena *arena, const char *pointer,
                            struct bus_bytes text)
{
    if (privacy_number_in(text))
        refuse(&(struct refusing){.faults = faults, .arena = arena}, pointer);
}

void national_number_refuse_all(struct bus_faults *faults, struct bus_arena *arena, const char *place,
                                const struct bus_shape *shape, const void *value)
{
    privacy_numbers(shape, value, place, arena, refuse, &(struct refusing){.faults = faults, .arena = arena});
}
