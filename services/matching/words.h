/* The score of a pair with its words, in the forms that events, rows and replies need. */
#ifndef MATCHING_WORDS_H
#define MATCHING_WORDS_H

#include "bus/arena.h"
#include "state.h"

struct pair_words {
    struct matching_factor_score factors[MATCH_FACTORS]; /* the largest part first; text left out */
    const char *texts[MATCH_FACTORS];                    /* of the factors, in that order */
    const char *lines[MATCH_FACTORS + 2];                /* what speaks for the pair */
    size_t lines_n;
    int64_t score, distance_m;
    int first_days;                      /* see struct match_scores */
    const char *factors_row, *lines_row; /* for the table */
};
/* Everything in the arena. */
void pair_words(const struct member *newcomer, const struct member *volunteer, int64_t now_us,
                struct bus_arena *arena, struct pair_words *ret_words);

/* Why the other pair scores otherwise than the one asked about: who goes first for having waited, and a line
 * for each factor whose part of the score differs, the largest difference first. Returns how many. */
size_t pair_differences(const struct pair *asked, const struct pair *other, struct bus_arena *arena,
                        const char *lines[MATCH_FACTORS + 1]);

/* Why this member can take nobody now: "the volunteer rests". */
const char *no_place_text(const struct member *member, struct bus_arena *arena);

/* Back from the row; factors without text. */
const struct matching_factor_score *factors_read(const char *row, struct bus_arena *arena, size_t *ret_n);
const char *const *lines_read(const char *row, struct bus_arena *arena, size_t *ret_n);

#endif
