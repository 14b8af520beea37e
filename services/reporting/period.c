/* See period.h. */
#include "period.h"

#include <string.h>

#include "calendar.h"
#include "tally.h"

#define FIRST_YEAR 1900
#define LAST_YEAR  2198

static struct period whole_year(int64_t year)
{
    int month = tally_first_month();
    return (struct period){project_year_first(year, month), project_year_last(year, month), year};
}

enum bus_status period_read(struct bus_context *ctx, int64_t project_year, const char *from, const char *to,
                            enum period_absent absent, struct period *ret)
{
    if (project_year && (from || to))
        return bus_fail_at(ctx->err, BUS_INVALID, "/project_year",
                           "give project_year, or from and to: not both");
    if ((from == NULL) != (to == NULL))
        return bus_fail_at(ctx->err, BUS_INVALID, from ? "/to" : "/from", "give both from and to");
    if (from) {
        struct period days = {0};
        if (!bus_date_parse(from, strlen(from), &days.first) || !bus_date_parse(to, strlen(to), &days.last) ||
            days.last < days.first)
            return bus_fail_at(ctx->err, BUS_INVALID, "/to", "to must not be before from");
        *ret = days;
        return BUS_OK;
    }
    if (project_year)
        *ret = whole_year(project_year);
    else if (absent == PERIOD_THIS_YEAR)
        *ret = whole_year(project_year_of(belgian_day(ctx->now_us), tally_first_month()));
    else if (absent == PERIOD_ALWAYS)
        *ret = (struct period){project_year_first(FIRST_YEAR, 1), project_year_last(LAST_YEAR, 1), 0};
    else
        return bus_fail_at(ctx->err, BUS_INVALID, "/project_year", "give project_year, or from and to");
    return BUS_OK;
}

const char *day_text(struct bus_context *ctx, int32_t day)
{
    char text[11];
    bus_date_format(day, text);
    return bus_strdup(ctx->arena, text);
}
