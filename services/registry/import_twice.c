/* See import_twice.h. */
#include "import_twice.h"

#include <string.h>

#include "grounds.h"
#include "import_columns.h"

static int64_t grounds(const struct person *a, const struct person *b)
{
    struct grounds_side one = {&a->personal, a->profile.birth_year, a->postcode};
    struct grounds_side other = {&b->personal, b->profile.birth_year, b->postcode};
    return grounds_between(&one, &other);
}

static bool same_cells(const struct csv_row *a, const struct csv_row *b)
{
    for (size_t i = 0; i < a->fields_n; i++)
        if (strcmp(a->fields[i], b->fields[i]) != 0)
            return false;
    return true;
}

/* Tells of line i beside the earlier line j. Whether there is no more to tell of it. */
static bool compare(struct import *self, size_t i, size_t j)
{
    int64_t mask = grounds(&self->people[i], &self->people[j]);
    long long other = (long long)self->rows[j].line;
    bool same = (mask & (GROUND_NAME | GROUND_NUMBER)) != 0 && same_cells(&self->rows[i], &self->rows[j]);
    if (same)
        import_fault(self, self->rows[i].line, COLUMN_NONE,
                     "is the same as line %lld: take one of the two out", other);
    else if (mask & GROUND_NUMBER)
        import_fault(self, self->rows[i].line, COLUMN_NATIONAL_NUMBER, "is the same as in line %lld", other);
    else if (mask != 0 && self->alike_n < IMPORT_ALIKE_MAX)
        self->alike[self->alike_n++] = (struct import_alike){i, j, mask};
    return same || (mask & GROUND_NUMBER);
}

void import_find_twice(struct import *self)
{
    self->alike = bus_alloc_array(self->arena, IMPORT_ALIKE_MAX, sizeof *self->alike);
    for (size_t i = 0; i < self->people_n; i++)
        for (size_t j = 0; j < i; j++)
            if (compare(self, i, j))
                break;
}
