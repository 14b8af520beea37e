/* What registry says: programmes, and people who come, move, are merged or erased. */
#include <string.h>

#include "bus/service.h"
#include "meeting.h"
#include "people_store.h"
#include "places.h"
#include "schema/registry.h"

static const struct bus_id nobody;

enum bus_status on_registry_programme_configured(struct bus_context *ctx,
                                                 const struct registry_programme_configured *in)
{
    return programme_put(ctx, in->programme, in->partnership);
}

enum bus_status on_registry_member_joined(struct bus_context *ctx, const struct registry_member_joined *in)
{
    return member_put(ctx, in->nis, in->partnership);
}

enum bus_status on_registry_person_registered(struct bus_context *ctx,
                                              const struct registry_person_registered *in)
{
    return person_put(
        ctx, &(struct person){.id = in->person_id, .partnership = in->partnership, .nis = in->place.nis});
}

static enum bus_status end_talks(struct bus_context *ctx, struct bus_id person_id)
{
    struct talk *talks = NULL;
    size_t n = 0;
    enum bus_status status = talks_of(ctx, person_id, &talks, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        status = proposal_close(ctx, talks[i].proposal_id, false);
        if (status == BUS_OK)
            status = talk_call_off(ctx, &talks[i], SCHEDULING_MEETING_CANCEL_REASON_PERSON_LEFT);
    }
    return status;
}

static enum bus_status end_enrolments(struct bus_context *ctx, struct bus_id person_id)
{
    struct enrolment *found = NULL;
    size_t n = 0;
    enum bus_status status = enrolments_of(ctx, person_id, nobody, &found, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        struct series of;
        status = series_get(ctx, found[i].series_id, person_id, &of);
        if (status == BUS_OK)
            status = places_leave(ctx, &of, person_id, 0, NULL);
    }
    return status;
}

/* They would be refused a place there now, as `enrol` does. */
static enum bus_status end_waits_elsewhere(struct bus_context *ctx, struct bus_id person_id,
                                           const char *partnership)
{
    struct enrolment *found = NULL;
    size_t n = 0;
    enum bus_status status = enrolments_of(ctx, person_id, nobody, &found, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        struct series of;
        if (found[i].state != SCHEDULING_ENROLMENT_STATE_WAITING)
            continue;
        status = series_get(ctx, found[i].series_id, person_id, &of);
        if (status == BUS_OK && strcmp(of.partnership, partnership) != 0)
            status = places_leave(ctx, &of, person_id, COMMON_LEAVE_REASON_MOVED, NULL);
    }
    return status;
}

/* What they have a place in goes on, whoever moves. */
enum bus_status on_registry_person_moved(struct bus_context *ctx, const struct registry_person_moved *in)
{
    enum bus_status status = person_put(
        ctx, &(struct person){.id = in->person_id, .partnership = in->partnership, .nis = in->place.nis});
    return status == BUS_OK ? end_waits_elsewhere(ctx, in->person_id, in->partnership) : status;
}

enum bus_status on_registry_person_erased(struct bus_context *ctx, const struct registry_person_erased *in)
{
    enum bus_status status = end_talks(ctx, in->person_id);
    if (status == BUS_OK)
        status = end_enrolments(ctx, in->person_id);
    if (status == BUS_OK)
        status = person_forget(ctx, in->person_id);
    return status == BUS_OK ? person_gone(ctx, in->person_id, nobody) : status;
}

/* One person with two enrolments keeps the better. */
static enum bus_status merge_one(struct bus_context *ctx, const struct enrolment *dropped,
                                 struct bus_id drop_id, struct bus_id keep_id)
{
    struct bus_id series_id = dropped->series_id;
    struct series of;
    enum bus_status status = BUS_OK;
    if (dropped->other != 0)
        status = enrolment_delete(ctx, series_id, dropped->is_better ? keep_id : drop_id);
    if (status == BUS_OK && dropped->is_better)
        status = enrolment_rename(ctx, series_id, drop_id, keep_id);
    if (status == BUS_OK)
        status = series_get(ctx, series_id, nobody, &of);
    return status == BUS_OK ? places_fill(ctx, &of, NULL) : status;
}

enum bus_status on_registry_person_merged(struct bus_context *ctx, const struct registry_person_merged *in)
{
    struct enrolment *found = NULL;
    size_t n = 0;
    enum bus_status status = enrolments_of(ctx, in->drop_id, in->keep_id, &found, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        status = merge_one(ctx, &found[i], in->drop_id, in->keep_id);
    if (status == BUS_OK)
        status = person_merge(ctx, in->drop_id, in->keep_id);
    return status == BUS_OK ? person_gone(ctx, in->drop_id, in->keep_id) : status;
}
