/* Where a postcode lies, and the municipalities with their postcodes; from data/places.csv. */
#ifndef CLI_SIMULATE_PLACES_H
#define CLI_SIMULATE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/status.h"

struct places;

struct place { /* a municipality */
    char nis[6];
    char name[64];
    char id[41]; /* its name as a word of an address */
    int postcodes[40];
    size_t postcodes_n;
};

BUS_CHECKED enum bus_status places_open(const char *path, struct places **ret_places, struct bus_error *err);
void places_close(struct places **self_p);
/* In 1/10000 degree; dies for a postcode that is not in the file. */
void places_find(const struct places *self, const char *postcode, int32_t *ret_lat_e4, int32_t *ret_lon_e4);
/* All municipalities, by NIS code. */
const struct place *places_all(const struct places *self, size_t *ret_n);

#endif
