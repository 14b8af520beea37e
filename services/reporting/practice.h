/* What may be published of practice: persons, attendances, guests and their hours, which tell of each other.
 * See suppression.h for what is promised of a cell. */
#ifndef REPORTING_PRACTICE_H
#define REPORTING_PRACTICE_H

#include "tables.h"

bool is_about_practice(enum reporting_figure figure);
/* Marks what is left out of these figures, of one action of a programme. `tables` may hold others too. */
void practice_publish(struct bus_arena *arena, const struct tables *tables);

#endif
