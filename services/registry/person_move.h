/* A move, told by the person or by a partner. */
#ifndef REGISTRY_PERSON_MOVE_H
#define REGISTRY_PERSON_MOVE_H

#include "person_store.h"

/* To a postcode that exists; says person-moved. The partnership changes only when the municipality belongs to
 * another. What is private stays as it is. */
BUS_CHECKED enum bus_status person_move(struct bus_context *ctx, struct person *person,
                                        const struct person_spot *spot);

#endif
