/* The period a query asks for. */
#ifndef REPORTING_PERIOD_H
#define REPORTING_PERIOD_H

#include "bus/service.h"

struct period {
    int32_t first, last;  /* days since 1970, both included */
    int64_t project_year; /* 0: no whole project year */
};

enum period_absent {
    PERIOD_THIS_YEAR, /* the project year that runs now */
    PERIOD_ALWAYS,
    PERIOD_REQUIRED,
};

/* Of `project_year` (0: absent), or `from` and `to`; BUS_INVALID for both, or for half a period. */
BUS_CHECKED enum bus_status period_read(struct bus_context *ctx, int64_t project_year, const char *from,
                                        const char *to, enum period_absent absent, struct period *ret);
const char *day_text(struct bus_context *ctx, int32_t day);

#endif
