/* How long duos last and people wait. */
#include "bus/service.h"
#include "durations.h"
#include "schema/reporting.h"

enum bus_status on_reporting_durations(struct bus_context *ctx, const struct reporting_durations *in)
{
    struct period period = {0};
    struct reporting_durations_reply reply = {0};
    bool published = in->has_published && in->published;
    if (published && in->nis)
        return bus_fail_at(ctx->err, BUS_INVALID, "/nis",
                           "what is published on durations is of all municipalities together: leave nis out");
    enum bus_status status = period_read(ctx, in->has_project_year ? in->project_year : 0, in->from, in->to,
                                         PERIOD_ALWAYS, &period);
    if (status == BUS_OK)
        status = durations_build(
            ctx,
            &(struct days_asked){
                .partnership = in->partnership, .programme = in->programme, .nis = in->nis, .period = period},
            published, &reply);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}
