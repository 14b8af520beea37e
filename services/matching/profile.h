/* A person's coarse attributes between messages, rows and the pool's form. Pure. */
#ifndef MATCHING_PROFILE_H
#define MATCHING_PROFILE_H

#include "bus/arena.h"
#include "match/factors.h"
#include "schema/common.h"

/* Everything but the place. */
void profile_read(const struct common_profile *profile, struct match_words *words,
                  struct match_person *ret_about);

/* When both can meet (enum common_slot), from Monday morning on, in the arena; NULL when they share nothing
 * or one was not asked. */
const int *profile_shared_slots(const struct match_person *a, const struct match_person *b,
                                struct bus_arena *arena, size_t *ret_n);

/* Lists as they stand in a row: words or numbers with a space between. */
const char *profile_languages(const struct match_person *about, struct bus_arena *arena);
const char *profile_interests(const struct match_person *about, const struct match_words *words,
                              struct bus_arena *arena);
const char *profile_child_years(const struct match_person *about, struct bus_arena *arena);
void profile_read_lists(const char *languages, const char *interests, const char *child_years,
                        struct match_words *words, struct match_person *about);

#endif
