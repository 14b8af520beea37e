/* One cell of an import: its text read as what the column holds. Each reader takes NULL for an empty cell,
 * and returns what is wrong in plain words, or NULL. Pure. */
#ifndef REGISTRY_IMPORT_CELL_H
#define REGISTRY_IMPORT_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"

const char *cell_trim(struct bus_arena *arena, const char *text);
size_t cell_characters(const char *text); /* UTF-8 */

bool cell_is_language(const char *text);
bool cell_is_interest(const char *text);

/* One of the words, in any case; also some Dutch ones. *ret is its value, untouched for NULL. */
const char *cell_word(struct bus_arena *arena, const char *text, const char *const *words, int *ret);
const char *cell_year(const char *text, bool *ret_has, int64_t *ret);

/* Lists are separated by blanks; each item stands once, but for years: twins. */
const char *cell_texts(struct bus_arena *arena, const char *text, bool (*fits)(const char *item),
                       const char *const **ret, size_t *ret_n);
const char *cell_years(struct bus_arena *arena, const char *text, const int64_t **ret, size_t *ret_n);
const char *cell_slots(struct bus_arena *arena, const char *text, const int **ret, size_t *ret_n);

#endif
