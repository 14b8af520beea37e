/* Counting: one part of one figure becomes one line with the event it comes from, and is said as
 * `result-counted`. A correction is a line of its own. */
#ifndef REPORTING_TALLY_H
#define REPORTING_TALLY_H

#include "bus/service.h"
#include "schema/reporting.h"
#include "state.h"

/* The event that a line comes from. */
struct origin {
    const char *stream, *event_id, *event_type, *about;
    int64_t seq, at_us;
};

struct tally {
    const char *partnership, *programme, *nis; /* programme NULL: the partnership as a whole */
    enum reporting_figure figure;
    int64_t amount_e2;
    int32_t day; /* it counts for, in Belgium */
    enum common_stop_reason reason;
    const struct origin *from;  /* NULL: the event at hand */
    const struct standing *off; /* counts off what stood, where it was counted on; else NULL */
};

int tally_first_month(void);

/* What happened in a closed year is late and counts nowhere; what stands (a duo
 * that lasts, a wait) counts from the first open year on, since it still stands there. */
BUS_CHECKED enum bus_status tally_count(struct bus_context *ctx, const struct tally *tally,
                                        struct bus_id *ret_result_id);

/* A result as the table holds it, with the amount that holds by now. */
struct counted {
    struct bus_id result_id;
    const char *partnership, *programme, *nis, *about;
    int64_t action, project_year, now_e2;
    int32_t day;
    enum reporting_figure figure;
    enum common_stop_reason reason;
};
/* BUS_NOT_FOUND without such a result. */
BUS_CHECKED enum bus_status tally_get(struct bus_context *ctx, struct bus_id result_id, struct counted *ret);
/* Makes `amount_e2` what holds for it, because of the message at hand. */
BUS_CHECKED enum bus_status tally_correct(struct bus_context *ctx, const struct counted *counted,
                                          int64_t amount_e2, enum reporting_correction_reason reason);
/* Takes a result out, because of the message at hand. What is out already stays so; a closed report
 * stands as it is, and the correction is late. */
BUS_CHECKED enum bus_status tally_take_out(struct bus_context *ctx, struct bus_id result_id,
                                           enum reporting_correction_reason reason);

#endif
