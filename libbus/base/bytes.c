/* The growing buffer: doubles its room, and dies rather than hand back a short one. */
#include "bus/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/status.h"

#define FIRST_CAPACITY ((size_t)256)

struct bus_bytes bus_bytes_of(const char *text)
{
    return bus_bytes(text, text ? strlen(text) : 0);
}

bool bus_bytes_equal(struct bus_bytes a, struct bus_bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

void bus_buffer_done(struct bus_buffer *self)
{
    if (!self)
        return;
    free(self->data);
    *self = (struct bus_buffer){0};
}

void bus_buffer_clear(struct bus_buffer *self)
{
    self->size = 0;
}

static __attribute__((noinline)) void enlarge(struct bus_buffer *self, size_t n)
{
    if (n > SIZE_MAX / 4 - self->size)
        bus_die("out of memory: a buffer of %zu bytes asked for %zu more", self->size, n);
    size_t capacity = self->capacity ? self->capacity * 2 : FIRST_CAPACITY;
    if (capacity < self->size + n)
        capacity = self->size + n;
    uint8_t *data = realloc(self->data, capacity);
    if (!data)
        bus_die("out of memory: a buffer asked for %zu bytes", capacity);
    self->data = data;
    self->capacity = capacity;
}

static inline void reserve(struct bus_buffer *self, size_t n)
{
    if (n > self->capacity - self->size)
        enlarge(self, n);
}

uint8_t *bus_buffer_grow(struct bus_buffer *self, size_t n)
{
    reserve(self, n ? n : 1); /* a valid pointer even for nothing */
    uint8_t *at = self->data + self->size;
    self->size += n;
    return at;
}

void bus_buffer_add(struct bus_buffer *self, const void *data, size_t size)
{
    if (size == 0)
        return;
    reserve(self, size);
    memcpy(self->data + self->size, data, size);
    self->size += size;
}

void bus_buffer_text(struct bus_buffer *self, const char *text)
{
    bus_buffer_add(self, text, strlen(text));
}

void bus_buffer_printf(struct bus_buffer *self, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (size < 0)
        bus_die("a text could not be formatted: %s", fmt);
    reserve(self, (size_t)size + 1);
    vsnprintf((char *)self->data + self->size, (size_t)size + 1, fmt, args);
    self->size += (size_t)size;
    va_end(args);
}
