/* Rules and weights of programmes: what fits each kind when nobody chose, how a change is laid over what
 * holds, and when one can have ended. Pure: no clock, no database. */
#ifndef REGISTRY_PROGRAMME_H
#define REGISTRY_PROGRAMME_H

#include <stdbool.h>

#include "schema/registry.h"

/* The configuration of a new programme of this kind. */
struct common_rules_in_force programme_rules_of(enum common_programme_kind kind);
struct common_weights_in_force programme_weights_of(enum common_programme_kind kind);

/* Takes over what is given; `change` may be NULL. */
void programme_change_rules(struct common_rules_in_force *rules, const struct common_rules *change);
void programme_change_weights(struct common_weights_in_force *weights, const struct common_weights *change);

/* Whether two configurations are the same but for their version. */
bool programme_same(const struct registry_programme_configured *a,
                    const struct registry_programme_configured *b);

/* Whether a programme can be told to have ended on this day, in Belgium: BUS_INVALID when it is none,
 * BUS_CONFLICT while it is to come, when it is long ago or before the programme was configured (0: not
 * known). */
BUS_CHECKED enum bus_status programme_end_day(const char *on_date, int64_t configured_us, int64_t now_us,
                                              struct bus_error *err);

#endif
