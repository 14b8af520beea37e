/* Generated from schemas/common.json by tools/schema. */
#include "common.h"

#include <float.h>

_Static_assert(sizeof(enum common_level) == sizeof(int), "codec.h reads enums as int");
const char *const common_level_words[] = {"none", "a1", NULL};

static const struct bus_field common_place_fields[] = {
    {.name = "nis", .kind = BUS_KIND_TEXT, .required = true, .offset = offsetof(struct common_place, nis),
     .has_offset = BUS_NO_OFFSET, .n_offset = BUS_NO_OFFSET, .min_length = 0, .max_length = 5,
     .pattern = "^[0-9]{5}$", .wanted = "a NIS code of 5 digits, such as 13011"},
    {.name = "lat_e4", .kind = BUS_KIND_INT, .offset = offsetof(struct common_place, lat_e4),
     .has_offset = offsetof(struct common_place, has_lat_e4), .n_offset = BUS_NO_OFFSET,
     .min = INT64_C(-900000), .max = INT64_C(900000)},
};
const struct bus_shape common_place_shape = {.name = "common_place", .size = sizeof(struct common_place),
                                             .fields = common_place_fields, .fields_n = 2};
