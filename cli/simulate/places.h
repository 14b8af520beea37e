/* Where a postcode lies; from data/places.csv. */
#ifndef CLI_SIMULATE_PLACES_H
#define CLI_SIMULATE_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/status.h"

struct places;

BUS_CHECKED enum bus_status places_open(const char *path, struct places **ret_places, struct bus_error *err);
void places_close(struct places **self_p);
/* In 1/10000 degree; dies for a postcode that is not in the file. */
void places_find(const struct places *self, const char *postcode, int32_t *ret_lat_e4, int32_t *ret_lon_e4);

#endif
