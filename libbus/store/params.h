/* Values as parameters of one statement: text, which suits any column, except bytes and arrays. */
#ifndef STORE_PARAMS_H
#define STORE_PARAMS_H

#include "store/connection.h"

struct params {
    int n;
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX];
    int formats[DB_PARAMS_MAX];
    char texts[DB_PARAMS_MAX][40]; /* of numbers, times and ids */
};

/* `scratch` is overwritten and holds the arrays; the rest points into the values. */
BUS_CHECKED enum bus_status params_encode(struct params *self, const struct bus_sql *sql,
                                          const struct bus_value *values, size_t n,
                                          struct bus_buffer *scratch, struct bus_error *err);

#endif
