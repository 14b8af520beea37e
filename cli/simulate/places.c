/* See places.h. */
#include "simulate/places.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulate/params.h"

#define PLACES_MAX 700

struct places {
    bool known[10000];
    int32_t lat_e4[10000], lon_e4[10000];
    struct place all[PLACES_MAX];
    size_t n;
};

/* Letters and digits stay, small; what lies between them becomes one hyphen; accents fall away. */
static void make_id(struct place *place)
{
    size_t n = 0;
    for (const unsigned char *at = (const unsigned char *)place->name;
         *at != '\0' && n < sizeof place->id - 1; at++) {
        if (isalnum(*at) && *at < 0x80)
            place->id[n++] = (char)tolower(*at);
        else if (*at < 0x80 && n > 0 && place->id[n - 1] != '-')
            place->id[n++] = '-';
    }
    while (n > 0 && place->id[n - 1] == '-')
        n--;
    place->id[n] = '\0';
}

static void add_postcode(struct places *self, const char *nis, const char *name, int postcode)
{
    struct place *place = self->all;
    while (place < self->all + self->n && strcmp(place->nis, nis) != 0)
        place++;
    if (place == self->all + PLACES_MAX)
        bus_die("the places have more than %d municipalities", PLACES_MAX);
    if (place == self->all + self->n) {
        self->n++;
        snprintf(place->nis, sizeof place->nis, "%s", nis);
        snprintf(place->name, sizeof place->name, "%s", name);
        make_id(place);
    }
    if (place->postcodes_n < sizeof place->postcodes / sizeof *place->postcodes)
        place->postcodes[place->postcodes_n++] = postcode;
}

static int by_nis(const void *a, const void *b)
{
    return strcmp(((const struct place *)a)->nis, ((const struct place *)b)->nis);
}

enum bus_status places_open(const char *path, struct places **ret_places, struct bus_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "cannot read %s: %s; name the places with --places", path,
                        strerror(errno));
    struct places *self = calloc(1, sizeof *self);
    if (self == NULL)
        bus_die("out of memory");
    char line[512];
    char nis[6], name[64];
    int postcode, lat, lon;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%d,%*[^,],%5[^,],%63[^,],%d,%d", &postcode, nis, name, &lat, &lon) != 5 ||
            postcode < 1000 || postcode > 9999)
            continue;
        self->known[postcode] = true;
        self->lat_e4[postcode] = lat;
        self->lon_e4[postcode] = lon;
        add_postcode(self, nis, name, postcode);
    }
    fclose(file);
    qsort(self->all, self->n, sizeof *self->all, by_nis);
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
        params_wrong("the postcode %s is not among the places", postcode);
    *ret_lat_e4 = self->lat_e4[number];
    *ret_lon_e4 = self->lon_e4[number];
}

const struct place *places_all(const struct places *self, size_t *ret_n)
{
    *ret_n = self->n;
    return self->all;
}
