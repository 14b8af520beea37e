/* See merging.h. */
#include "merging.h"

#include <string.h>

#include "volunteer.h"

static bool same_profile(const struct common_profile *a, const struct common_profile *b)
{
    return a->has_birth_year == b->has_birth_year && a->gender == b->gender &&
           a->dutch_level == b->dutch_level && a->prefers_gender == b->prefers_gender &&
           a->languages_n == b->languages_n && a->interests_n == b->interests_n &&
           a->availability_n == b->availability_n && a->child_birth_years_n == b->child_birth_years_n;
}

static void fill_lists(struct common_profile *keep, const struct common_profile *drop)
{
    if (keep->languages_n == 0) {
        keep->languages = drop->languages;
        keep->languages_n = drop->languages_n;
    }
    if (keep->interests_n == 0) {
        keep->interests = drop->interests;
        keep->interests_n = drop->interests_n;
    }
    if (keep->availability_n == 0) {
        keep->availability = drop->availability;
        keep->availability_n = drop->availability_n;
    }
    if (keep->child_birth_years_n == 0) {
        keep->child_birth_years = drop->child_birth_years;
        keep->child_birth_years_n = drop->child_birth_years_n;
    }
}

bool merging_profile(struct common_profile *keep, const struct common_profile *drop)
{
    struct common_profile before = *keep;
    if (!keep->has_birth_year) {
        keep->has_birth_year = drop->has_birth_year;
        keep->birth_year = drop->birth_year;
    }
    if (keep->gender == 0)
        keep->gender = drop->gender;
    if (keep->dutch_level == 0)
        keep->dutch_level = drop->dutch_level;
    if (keep->prefers_gender == 0)
        keep->prefers_gender = drop->prefers_gender;
    fill_lists(keep, drop);
    return !same_profile(&before, keep); /* a field only ever goes from unknown to known */
}

/* What counts of two entries, most last. */
static const int rank[] = {[REGISTRY_VOLUNTEER_STATE_NONE] = 0,
                           [REGISTRY_VOLUNTEER_STATE_STOPPED] = 1,
                           [REGISTRY_VOLUNTEER_STATE_RECRUITED] = 2,
                           [REGISTRY_VOLUNTEER_STATE_AVAILABLE] = 3,
                           [REGISTRY_VOLUNTEER_STATE_RESTING] = 4};

static bool is_active(const struct person_volunteer *volunteer)
{
    return rank[volunteer->state] >= rank[REGISTRY_VOLUNTEER_STATE_RECRUITED];
}

/* Of two rests; one without an end outlasts all. */
static const char *longer_rest(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return NULL;
    return strcmp(a, b) >= 0 ? a : b;
}

bool merging_volunteer(struct person_volunteer *keep, const struct person_volunteer *drop)
{
    const struct person_volunteer before = *keep;
    if (rank[drop->state] > rank[keep->state])
        *keep = *drop;
    else if (keep->state == REGISTRY_VOLUNTEER_STATE_RESTING && drop->state == keep->state)
        keep->rest_until = longer_rest(keep->rest_until, drop->rest_until);
    if (is_active(&before) && is_active(drop))
        keep->capacity = before.capacity > drop->capacity ? before.capacity : drop->capacity;
    keep->informed_on = before.informed_on != NULL ? before.informed_on : drop->informed_on;
    return keep->state != before.state || keep->capacity != before.capacity ||
           keep->rest_until != before.rest_until || keep->informed_on != before.informed_on;
}

int64_t merging_rest_due_us(const struct person_volunteer *volunteer)
{
    int64_t due_us = 0;
    struct bus_error err;
    return volunteer_rest_end(volunteer->rest_until, INT64_MIN, &due_us, &err) == BUS_OK ? due_us : 0;
}
