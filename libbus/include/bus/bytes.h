/* A borrowed run of bytes, and a growing buffer that owns its bytes. */
#ifndef BUS_BYTES_H
#define BUS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Points into memory owned by somebody else: a frame, an arena, a literal. Not NUL-terminated. */
struct bus_bytes {
    const uint8_t *data;
    size_t size;
};

static inline struct bus_bytes bus_bytes(const void *data, size_t size)
{
    return (struct bus_bytes){.data = data, .size = size};
}
struct bus_bytes bus_bytes_of(const char *text);
bool bus_bytes_equal(struct bus_bytes a, struct bus_bytes b);

/* Zero-initialise to begin; growing dies when memory is out. */
struct bus_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

void bus_buffer_done(struct bus_buffer *self);  /* usable with AUTO; leaves it empty and reusable */
void bus_buffer_clear(struct bus_buffer *self); /* size 0, keeps the memory */
uint8_t *bus_buffer_grow(struct bus_buffer *self, size_t n); /* n more bytes at the end, uninitialised */
void bus_buffer_add(struct bus_buffer *self, const void *data, size_t size);
void bus_buffer_text(struct bus_buffer *self, const char *text);
void bus_buffer_printf(struct bus_buffer *self, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline struct bus_bytes bus_buffer_bytes(const struct bus_buffer *self)
{
    return bus_bytes(self->data, self->size);
}

#endif
