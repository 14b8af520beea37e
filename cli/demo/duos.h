/* The duos of a partnership in a few numbers, as they stood at the end of a day. */
#ifndef CLI_DEMO_DUOS_H
#define CLI_DEMO_DUOS_H

#include <jansson.h>

#define FIRST_YEAR 2010
#define YEARS      20

struct duos {
    int by_year[YEARS];
    int total, lasting, stopped, informal, again; /* again: one of the two was in a duo before */
    json_t *reasons;                              /* how many stopped for each; owned */
    double near_days, far_days;                   /* of those that stopped */
    int near, far;
};

/* Of a list of matching/duos. What happened after the day has not happened. */
struct duos duos_count(const json_t *list, const char *day);
void duos_print(const struct duos *self, const char *day);
void duos_done(struct duos *self);

#endif
