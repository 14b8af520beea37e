/* What the tests of the gateway's pure parts share. */
#ifndef TESTS_GATEWAY_SUPPORT_H
#define TESTS_GATEWAY_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bus/codec.h"

static inline int arena_setup(void **state)
{
    *state = bus_arena_new();
    return 0;
}

static inline int arena_teardown(void **state)
{
    struct bus_arena *arena = *state;
    bus_arena_free(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

static inline struct bus_bytes msgpack_of(struct bus_arena *arena, const char *json)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    if (bus_json_to_msgpack(bus_bytes_of(json), &bus_scan_batch, &out, &err) != BUS_OK)
        fail_msg("%s: %s", json, err.text);
    return bus_bytes(bus_copy(arena, out.data, out.size), out.size);
}

static inline const char *json_of(struct bus_arena *arena, struct bus_bytes msgpack)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_error err = {0};
    if (bus_msgpack_to_json(msgpack, &out, &err) != BUS_OK)
        fail_msg("no JSON: %s", err.text);
    return bus_strndup(arena, (const char *)out.data, out.size);
}

static inline bool has_fault(const struct bus_faults *faults, const char *pointer)
{
    for (size_t i = 0; i < faults->n; i++)
        if (strcmp(faults->items[i].pointer, pointer) == 0)
            return true;
    return false;
}

#endif
