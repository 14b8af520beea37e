/* What the figures are: their unit, whether they stand or happen, and which of them a unit that is paid for
 * adds up. */
#ifndef REPORTING_FIGURES_H
#define REPORTING_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/reporting.h"

#define FIGURES_LAST REPORTING_FIGURE_WAITING_VOLUNTEERS

enum reporting_unit figure_unit(enum reporting_figure figure);
/* True: counted up and down, and read at the end of a period. */
bool figure_stands(enum reporting_figure figure);
/* True: what is reached of a target in this unit. */
bool figure_reaches(enum reporting_figure figure, enum reporting_unit unit);
/* Where the bands of distance end, in metres; the last has no end. */
extern const int64_t distance_ends_m[];
extern const size_t distance_ends_n;

/* Amounts are kept in hundredths, so that sums are exact in any order. */
int64_t amount_e2(double amount);
double amount_number(int64_t amount_e2);

#endif
