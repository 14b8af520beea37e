/* Generated from schemas/common.json by tools/schema. */
#pragma once

#include "bus/codec.h"

enum common_level {
    COMMON_LEVEL_UNSET = 0,
    COMMON_LEVEL_NONE = 1,
    COMMON_LEVEL_A1 = 2,
};
extern const char *const common_level_words[]; /* of value 1, 2, …; NULL ends it */

struct common_place {
    const char *nis; /* Municipality */
    bool has_lat_e4;
    int64_t lat_e4; /* Latitude (1/10000 degree) */
};
extern const struct bus_shape common_place_shape;
