/* See places.h. */
#include "simulate/places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct places {
    bool known[10000];
    int32_t lat_e4[10000], lon_e4[10000];
};

enum bus_status places_open(const char *path, struct places **ret_places, struct bus_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "cannot read %s: %s; name the places with --places", path, strerror(errno));
    struct places *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    char line[512];
    int postcode, lat, lon;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%d,%*[^,],%*[^,],%*[^,],%d,%d", &postcode, &lat, &lon) != 3 || postcode < 1000 ||
            postcode > 9999)
            continue;
        self->known[postcode] = true;
        self->lat_e4[postcode] = lat;
        self->lon_e4[postcode] = lon;
    }
    fclose(file);
    *ret_places = self;
    return BUS_OK;
}

void places_close(struct places **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

void places_find(const struct places *self, const char *postcode, int32_t *ret_lat_e4, int32_t *ret_lon_e4)
{
    int number = atoi(postcode);
    if (number < 1000 || number > 9999 || !self->known[number])
        bus_die("the parameter file names the postcode %s, which is not in the places", postcode);
    *ret_lat_e4 = self->lat_e4[number];
    *ret_lon_e4 = self->lon_e4[number];
}
