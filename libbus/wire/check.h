/* What decoding and encoding share: the rules of a field for one value, and the list of faults with the
 * place of each. */
#ifndef WIRE_CHECK_H
#define WIRE_CHECK_H

#include "bus/codec.h"

#define WIRE_WORDS_MAX 320 /* of one fault; with its place they fit into an error's text */
#define WIRE_NEAR_MAX  100 /* of its place there */

/* A place in a message, as a chain on the stack; a step is a name, or an index when name is NULL. */
struct wire_path {
    const struct wire_path *up;
    const char *name;
    size_t name_size;
    size_t index;
};

struct wire_check {
    struct bus_arena *arena;   /* for the list; may be NULL when `faults` is */
    struct bus_faults *faults; /* NULL: only the first is kept */
    size_t found;
    char first[WIRE_NEAR_MAX + WIRE_WORDS_MAX]; /* pointer and words of the first */
};

#define WIRE_DATE "must be a date that exists, from 1900 to 2199, such as 2026-11-22"

/* Never puts a value into the words: it may be personal. */
void wire_fault(struct wire_check *self, const struct wire_path *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Each adds a fault and returns false when the value breaks the rules of the field. */
bool wire_check_int(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                    int64_t value);
bool wire_check_number(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                       double value);
bool wire_check_text(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                     const char *text, size_t size);
bool wire_check_items_n(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                        size_t n);
bool wire_check_unique(struct wire_check *self, const struct wire_path *path, const struct bus_field *field,
                       const void *items, size_t n);

/* Size in the struct of one value of the field. */
size_t wire_item_size(const struct bus_field *field);

#endif
