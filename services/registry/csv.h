/* Reads lines of text as RFC 4180 has them: separated by comma or semicolon, quoted with doubled quotes,
 * ended by LF, CRLF or CR. Pure. */
#ifndef REGISTRY_CSV_H
#define REGISTRY_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"

#define CSV_FIELDS_MAX 64

struct csv {
    const char *at;
    char separator;
    int64_t line; /* of what comes next, from 1 */
};

struct csv_row {
    int64_t line; /* where it begins: a quoted field may hold line breaks */
    const char *const *fields;
    size_t fields_n;
    char separator;
    const char *fault; /* what is wrong with its quotes or its length, in plain words; NULL when nothing is */
};

/* Skips a byte order mark. The separator is what stands most in the first line that is not blank; a comma
 * when it has neither. */
void csv_open(struct csv *self, const char *text);
/* The next row that is not blank, in the arena; false at the end. After a fault the row ends with its line,
 * except for a quote that is never closed: that takes all the rest. */
bool csv_next(struct csv *self, struct bus_arena *arena, struct csv_row *ret);

#endif
