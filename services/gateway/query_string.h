/* The parameters of a query string become a query's data, by the query's shape. Pure. */
#ifndef GATEWAY_QUERY_STRING_H
#define GATEWAY_QUERY_STRING_H

#include "input.h"

struct parameter {
    const char *name;
    const char *value; /* "" where there is none */
};

/* Appends a map of them; faults for names that are none of the shape's, names given twice, fields of personal
 * data, which no address is to hold, and values that are no number or true/false where the shape wants one.
 * The rest is for input_check to judge. */
void query_string_write(const struct bus_shape *shape, const struct parameter *parameters, size_t n,
                        struct bus_arena *arena, struct bus_buffer *out, struct bus_faults *faults);

#endif
