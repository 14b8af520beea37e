/* The form in which names are compared and sorted: without case, accents, hyphens and apostrophes. Pure. */
#ifndef REGISTRY_NAMES_H
#define REGISTRY_NAMES_H

#include "bus/arena.h"

/* "Van den Bérghe-D'Hondt" → "van den berghe dhondt". Latin, Greek and Cyrillic lose their case; other
 * scripts stay as they are. Never NULL: "" for NULL and for what has no letters. */
const char *name_fold(struct bus_arena *arena, const char *name);

/* The words of both names in alphabetical order: the same for who swapped first and family name. NULL unless
 * both are there. */
const char *name_key(struct bus_arena *arena, const char *first_name, const char *last_name);

#endif
