/* The programmes of a simulation: each turns its part of the parameters into commands. */
#ifndef CLI_SIMULATE_PROGRAMMES_H
#define CLI_SIMULATE_PROGRAMMES_H

#include "simulate/people.h"

/* All of a parameter file. The world borrows its texts until it is written. */
void simulate_programmes(struct world *world, const json_t *params, const struct places *places,
                         uint64_t seed);
/* Language duos: so many start each year; nearer ones last longer; some fall silent, some start again. */
void simulate_duos(struct people *people, const json_t *params);
/* Support buddies: one request after the other. */
void simulate_help(struct people *people, const json_t *params);
/* A series of sessions with its public. */
void simulate_series(struct people *people, const json_t *params);
/* Partners who refer people, some of them known already. */
void simulate_referrals(struct people *people, const json_t *params);

/* Shared: a date as text in the world's arena. */
const char *date_text(struct people *people, int32_t day);
/* The same day, or the Monday after a weekend. */
int32_t weekday(int32_t day);
void configure_programme(struct people *people, const json_t *params, const char *kind, int32_t day);
/* With the last day that is told of the partnership. */
void end_programme(struct people *people, const json_t *params);

#endif
