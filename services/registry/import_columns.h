/* The columns of a list of people; those that come first are personal. A column has its name, its name in
 * Dutch, and other names that lists in Dutch give it. Pure. */
#ifndef REGISTRY_IMPORT_COLUMNS_H
#define REGISTRY_IMPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/arena.h"

enum {
    COLUMN_FIRST_NAME,
    COLUMN_LAST_NAME,
    COLUMN_EMAIL,
    COLUMN_PHONE,
    COLUMN_STREET,
    COLUMN_NATIONAL_NUMBER,
    COLUMN_POSTCODE,
    COLUMN_PREFERRED_LANGUAGE,
    COLUMN_CHANNEL,
    COLUMN_FOUND_THROUGH,
    COLUMN_BIRTH_YEAR,
    COLUMN_GENDER,
    COLUMN_LANGUAGES,
    COLUMN_DUTCH_LEVEL,
    COLUMN_INTERESTS,
    COLUMN_CHILD_BIRTH_YEARS,
    COLUMN_AVAILABILITY,
    COLUMN_PREFERS_GENDER,
    COLUMNS,
    COLUMN_NONE = -1,
};

struct import_column {
    const char *name, *dutch;
    size_t max_characters;
    const char *also[4]; /* folded, as by name_fold() */
};
extern const struct import_column import_columns[COLUMNS];

struct column_found {
    int column;     /* COLUMN_NONE: no such name */
    bool dutch;     /* a name that only Dutch has */
    bool english;   /* a name that Dutch has not */
    const char *as; /* the name that was found or, of column_nearest(), that was meant */
};
/* Case, accents, blanks, hyphens and underscores do not matter. */
struct column_found column_find(struct bus_arena *arena, const char *given);
/* The name that is a slip or two away from what was given. */
struct column_found column_nearest(struct bus_arena *arena, const char *given);
/* Why a column that many lists have is not taken; NULL for others. */
const char *column_refused(struct bus_arena *arena, const char *given);

#endif
