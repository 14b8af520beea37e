/* See grounds.h. */
#include "grounds.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool same_person_by_name(const struct grounds_side *a, const struct grounds_side *b)
{
    if (!same_text(a->personal->name_key, b->personal->name_key))
        return false;
    if (a->birth_year != 0 && b->birth_year != 0)
        return a->birth_year == b->birth_year;
    return same_text(a->postcode, b->postcode);
}

int64_t grounds_between(const struct grounds_side *a, const struct grounds_side *b)
{
    const struct personal *one = a->personal, *other = b->personal;
    int64_t mask = 0;
    if (one->insz_hash.data != NULL && other->insz_hash.data != NULL &&
        bus_bytes_equal(one->insz_hash, other->insz_hash))
        mask |= GROUND_NUMBER;
    if (same_text(one->email_key, other->email_key))
        mask |= GROUND_EMAIL;
    if (same_text(one->phone, other->phone))
        mask |= GROUND_PHONE;
    if (same_person_by_name(a, b))
        mask |= GROUND_NAME;
    return mask;
}

const int *grounds_list(int64_t mask, struct bus_arena *arena, size_t *ret_n)
{
    static const struct {
        int64_t bit;
        int ground;
    } table[] = {{GROUND_NUMBER, REGISTRY_DUPLICATE_GROUND_NATIONAL_NUMBER},
                 {GROUND_EMAIL, REGISTRY_DUPLICATE_GROUND_EMAIL},
                 {GROUND_PHONE, REGISTRY_DUPLICATE_GROUND_PHONE},
                 {GROUND_NAME, REGISTRY_DUPLICATE_GROUND_NAME}};
    int *list = bus_alloc_array(arena, 4, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (mask & table[i].bit)
            list[n++] = table[i].ground;
    *ret_n = n;
    return list;
}
