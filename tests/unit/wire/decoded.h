/* The sample, decoded from JSON. */
#ifndef DECODED_H
#define DECODED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bus/pack.h"
#include "sample.h"

/* Through a block of the exact size of the msgpack. */
static inline enum bus_status decode(struct bus_arena *arena, const char *json, bool lenient,
                                     struct sample_person **ret, struct bus_faults *faults,
                                     struct bus_error *err)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (bus_json_to_msgpack(bus_bytes_of(json), &bus_scan_data, &out, err) != BUS_OK)
        fail_msg("%s: %s", json, err->text);
    uint8_t *exact = malloc(out.size);
    memcpy(exact, out.data, out.size);
    void *person = NULL;
    enum bus_status status =
        bus_decode(&sample_person_shape, bus_bytes(exact, out.size), lenient, arena, &person, faults, err);
    free(exact); /* nothing decoded may point into it */
    assert_int_equal(status == BUS_OK, person != NULL);
    if (ret)
        *ret = person;
    return status;
}

#endif
