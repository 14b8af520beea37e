/* Words as lists in Dutch have them, beside our own: values of a column, languages, interests, parts of the
 * week. Pure. */
#ifndef REGISTRY_IMPORT_WORDS_H
#define REGISTRY_IMPORT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/arena.h"

/* The value, from 1, of a word of the column; 0 when it is none. */
int word_value(struct bus_arena *arena, int column, const char *const *words, const char *text);
/* All that may stand there, for who gave something else. */
const char *word_list(struct bus_arena *arena, int column, const char *const *words, bool dutch);

/* "Arabisch", "AR" and "ar" are ar; NULL when it is no language. */
const char *word_language(struct bus_arena *arena, const char *text);
/* The first word that is none, nearly one that is: as it is written in Dutch. NULL: there is no such word. */
const char *word_language_near(struct bus_arena *arena, const char *text);
const char *word_slot_near(struct bus_arena *arena, const char *text);
const char *word_interest_near(struct bus_arena *arena, const char *text);
/* "Koken" is cooking; a word that is not in the table stays as it is, in small letters. NULL: cannot be one,
 * or is nearly one of the table.
 */
const char *word_interest(struct bus_arena *arena, const char *text);
/* Whether it is a word of the table, in Dutch or ours. */
bool word_is_interest(struct bus_arena *arena, const char *text);

#define WORD_SLOTS_MAX 21
/* "maandagvoormiddag, di avond; mon-morning": the values of common_slot_words. What is wrong, or NULL. */
const char *word_slots(struct bus_arena *arena, const char *text, int slots[WORD_SLOTS_MAX], size_t *ret_n);

#endif
