/* One publication: the tables of the figures and the groups of days, hidden together, so that nothing left
 * out of one can be worked out from the other. See suppression.h for what is promised. */
#ifndef REPORTING_PUBLISH_H
#define REPORTING_PUBLISH_H

#include "days.h"
#include "tables.h"

/* Both of all programmes of a partnership over one period. */
void publish(struct bus_arena *arena, struct tables *tables, struct day_groups *groups);
/* Whether the total of a figure of a programme is left out, of a reason when it is given. */
bool published_hides(const struct tables *tables, const char *programme, enum reporting_figure figure,
                     enum common_stop_reason reason);

#endif
