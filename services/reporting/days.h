/* How long duos lasted, in groups of days, before anything is left out. */
#ifndef REPORTING_DAYS_H
#define REPORTING_DAYS_H

#include "bus/service.h"
#include "period.h"

#define BAND_ALL     (-1)
#define BAND_UNKNOWN 0

/* How many, and how their days lie. */
struct days {
    int64_t n, sum, median_halves, p90;
};

/* Of a programme: all first, then those by reason, then those by distance. Who went on as friends has no
 * reason; those are a group too, and so are the duos whose distance is not known: never shown, but they add
 * up with the others. */
struct day_group {
    const char *programme, *reason; /* reason NULL: all; "": none */
    int64_t band;
    struct days days;
    bool hidden; /* from publication; see publish.h */
};

struct day_groups {
    struct day_group *groups; /* by programme */
    size_t n;
};

/* What is asked; `programme` and `nis` may be NULL: all of them. */
struct days_asked {
    const char *partnership, *programme, *nis;
    struct period period;
};

/* The moment up to which a period is known by now. */
int64_t days_end_us(const struct bus_context *ctx, const struct period *period);
struct days days_of_row(const struct bus_rows *rows, int row, int column);
BUS_CHECKED enum bus_status days_read(struct bus_context *ctx, const struct days_asked *asked,
                                      struct day_groups *ret);

#endif
