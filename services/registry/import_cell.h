/* One cell of an import: its text read as what the column holds. Each reader takes NULL for an empty cell,
 * and returns what is wrong in plain words, or NULL. Pure. */
#ifndef REGISTRY_IMPORT_CELL_H
#define REGISTRY_IMPORT_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "import_list.h"

const char *cell_trim(struct bus_arena *arena, const char *text);
size_t cell_characters(const char *text); /* UTF-8 */
/* So many characters of it at most. */
const char *cell_beginning(struct bus_arena *arena, const char *text, size_t characters);

/* An item of a list as we write it ourselves, or NULL; word_language() and word_interest() take more. */
typedef const char *cell_item_fn(struct bus_arena *arena, const char *text);
cell_item_fn cell_language, cell_interest;

const char *cell_year(const char *text, bool *ret_has, int64_t *ret);

/* What a list holds, and what to say of a list that can be read in two ways, and of an item that is none. */
struct cell_list {
    list_apart_fn *apart;
    cell_item_fn *item;
    const char *unclear, *wrong;
};

/* Each item stands once, but for years: twins. Two words for one, as film and films, are that one. */
const char *cell_texts(struct bus_arena *arena, const char *text, const struct cell_list *list,
                       const char *const **ret, size_t *ret_n);
const char *cell_years(struct bus_arena *arena, const char *text, const int64_t **ret, size_t *ret_n);
const char *cell_slots(struct bus_arena *arena, const char *text, const int **ret, size_t *ret_n);

#endif
