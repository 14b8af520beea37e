/* The ten public holidays of Belgium: nobody is asked to a talk on one. Pure. */
#ifndef SCHEDULING_HOLIDAYS_H
#define SCHEDULING_HOLIDAYS_H

#include <stdbool.h>
#include <stdint.h>

/* Days since 1970-01-01. */
bool holiday_is(int32_t day);
/* Easter Sunday of a year, which the moveable ones follow. */
int32_t holiday_easter(int year);

#endif
