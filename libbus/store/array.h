/* One-dimensional arrays in Postgres' binary form: a head of 20 bytes, then each element with its length. */
#ifndef STORE_ARRAY_H
#define STORE_ARRAY_H

#include <endian.h>
#include <libpq-fe.h>
#include <string.h>

#include "bus/bytes.h"

/* Object ids of the built-in types, fixed in Postgres' catalogue. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_JSON = 114,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
};
#define POSTGRES_EPOCH_US INT64_C(946684800000000) /* 2000-01-01 */
#define ARRAY_HEAD        20

static inline uint8_t *array_put32(uint8_t *at, uint32_t value)
{
    value = htobe32(value);
    memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}
static inline uint8_t *array_put64(uint8_t *at, uint64_t value)
{
    value = htobe64(value);
    memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}
static inline uint32_t array_get32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return be32toh(value);
}
static inline uint64_t array_get64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof(value));
    return be64toh(value);
}

static inline void array_add_null(struct bus_buffer *out)
{
    array_put32(bus_buffer_grow(out, 4), UINT32_MAX);
}
static inline void array_add_bytes(struct bus_buffer *out, const void *data, size_t size)
{
    uint8_t *at = array_put32(bus_buffer_grow(out, 4 + size), (uint32_t)size);
    if (size)
        memcpy(at, data, size);
}
static inline void array_add_int8(struct bus_buffer *out, int64_t value)
{
    array_put64(array_put32(bus_buffer_grow(out, 12), 8), (uint64_t)value);
}

/* Returns where the head stands; array_end writes the number of elements into it. */
static inline size_t array_begin(struct bus_buffer *out, Oid element)
{
    size_t start = out->size;
    uint8_t *at = bus_buffer_grow(out, ARRAY_HEAD);
    at = array_put32(at, 1); /* dimensions */
    at = array_put32(at, 1); /* there may be NULLs */
    at = array_put32(at, element);
    at = array_put32(at, 0);
    array_put32(at, 1); /* the first index */
    return start;
}
static inline void array_end(struct bus_buffer *out, size_t start, size_t n)
{
    array_put32(out->data + start + 12, (uint32_t)n);
}
/* Nothing (NULL) where the first element is. */
static inline struct bus_bytes array_first(const uint8_t *array)
{
    uint32_t size = array_get32(array + ARRAY_HEAD);
    return size == UINT32_MAX ? bus_bytes(NULL, 0) : bus_bytes(array + ARRAY_HEAD + 4, size);
}

#endif
