/* How the items of a list stand apart in one cell, as people write it: "koken, wandelen en lezen". Pure. */
#ifndef REGISTRY_IMPORT_LIST_H
#define REGISTRY_IMPORT_LIST_H

#include "bus/arena.h"

/* The text with a comma between any two items. NULL: it can be read in two ways, and people are to say which.
 */
typedef const char *list_apart_fn(struct bus_arena *arena, const char *text);

/* As we write it ourselves: a blank parts. So it does below where nothing else does. */
list_apart_fn list_recorded;
/* "fr en nl" are three codes and "Frans en Arabisch" two names; "Frans en ar" is neither. */
list_apart_fn list_languages;
/* "koken lezen" are two interests, as both are words of the table, and "samen eten" is one, as neither is. */
list_apart_fn list_interests;
list_apart_fn list_years;

#endif
