/* Memory with the lifetime of a message or a batch: allocate freely, release all at once.
 * Allocation never fails (it dies); nothing in an arena is freed on its own. */
#ifndef BUS_ARENA_H
#define BUS_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct bus_arena;

struct bus_arena *bus_arena_new(void);
struct bus_arena *bus_arena_new_small(void); /* begins with 2 KiB instead of 16: where there are thousands */
void bus_arena_free(struct bus_arena **self_p); /* usable with AUTO; accepts NULL */
void bus_arena_reset(struct bus_arena *self);   /* forgets everything, keeps the first blocks for reuse */

/* Zeroed, aligned for any type. `size` 0 gives a valid pointer. */
void *bus_alloc(struct bus_arena *self, size_t size);
void *bus_alloc_array(struct bus_arena *self, size_t n, size_t size); /* dies on overflow of n * size */
void *bus_copy(struct bus_arena *self, const void *data, size_t size);
char *bus_strdup(struct bus_arena *self, const char *text); /* NULL stays NULL */
char *bus_strndup(struct bus_arena *self, const char *text, size_t n);
char *bus_printf(struct bus_arena *self, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *bus_vprintf(struct bus_arena *self, const char *fmt, va_list args);

size_t bus_arena_bytes(const struct bus_arena *self); /* handed out since the last reset */

#endif
