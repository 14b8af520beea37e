/* The words of reports in Dutch. Each returns a text for every value of its enum. */
#ifndef REPORTING_WORDS_NL_H
#define REPORTING_WORDS_NL_H

#include "schema/reporting.h"

const char *figure_nl(enum reporting_figure figure);
const char *unit_nl(enum reporting_unit unit);
const char *stop_reason_nl(enum common_stop_reason reason);
const char *distance_band_nl(enum reporting_distance_band band);

#endif
