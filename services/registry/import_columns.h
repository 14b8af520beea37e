/* The columns of a list of people; those that come first are personal. */
#ifndef REGISTRY_IMPORT_COLUMNS_H
#define REGISTRY_IMPORT_COLUMNS_H

#include <stddef.h>

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
};

struct import_column {
    const char *name, *dutch; /* either may stand in the first line */
    size_t max_characters;
};
extern const struct import_column import_columns[COLUMNS];

#endif
