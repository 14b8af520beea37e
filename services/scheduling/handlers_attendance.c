/* The command that corrects who was at a session, once that was recorded. */
#include <string.h>

#include "attendance.h"
#include "attendance_store.h"
#include "bus/service.h"
#include "may.h"
#include "people_store.h"
#include "schema/scheduling.h"

static const struct bus_id nobody;

/* A session that was held, and what is known of it. */
struct held {
    struct series series;
    struct session session;
    double hours;
    struct attendance *people;
    size_t people_n;
    int64_t came_n, withdrawn_n, missed_n; /* what the correction changes */
};

static enum bus_status find(struct bus_context *ctx, struct bus_id session_id, struct held *ret)
{
    bool known = false;
    enum bus_status status = session_look(ctx, session_id, &ret->session, &known);
    if (status != BUS_OK)
        return status;
    if (!known)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no session %s", bus_id_text(ctx, session_id));
    status = series_get(ctx, ret->session.series_id, nobody, &ret->series);
    if (status == BUS_OK)
        status = may_touch(ctx, ret->series.partnership, ret->series.nis);
    if (status != BUS_OK)
        return status;
    if (ret->session.state != SCHEDULING_SESSION_STATE_HELD)
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "this session was not recorded: record it (hold-session) rather than correct it");
    return attendance_of(ctx, session_id, &ret->hours, &ret->people, &ret->people_n);
}

/* NULL: neither there nor expected. */
static const struct attendance *known_of(const struct held *held, struct bus_id person_id)
{
    for (size_t i = 0; i < held->people_n; i++)
        if (bus_id_equal(held->people[i].person_id, person_id))
            return &held->people[i];
    return NULL;
}

static enum bus_status check_named(struct bus_context *ctx, const struct held *held,
                                   const struct person *came, size_t came_n, const struct person *absent,
                                   size_t absent_n)
{
    for (size_t i = 0; i < came_n; i++) {
        for (size_t k = 0; k < absent_n; k++)
            if (bus_id_equal(came[i].id, absent[k].id))
                return bus_fail_at(ctx->err, BUS_INVALID, "/absent",
                                   "person %s is named as there and as absent: take one of the two",
                                   bus_id_text(ctx, came[i].id));
        if (!known_of(held, came[i].id) && strcmp(came[i].partnership, held->series.partnership) != 0)
            return bus_fail(ctx->err, BUS_CONFLICT, "person %s is served by %s, and the series is run by %s",
                            bus_id_text(ctx, came[i].id), came[i].partnership, held->series.partnership);
    }
    return BUS_OK;
}

static enum bus_status add(struct bus_context *ctx, struct held *held, const struct person *person)
{
    const struct attendance *known = known_of(held, person->id);
    if (known && known->present)
        return BUS_OK;
    struct attendance right = {
        .person_id = person->id, .present = true, .enrolled = known && known->enrolled};
    held->came_n++;
    held->missed_n -= known != NULL;
    enum bus_status status = attendance_correct(ctx, held->session.session_id, &right);
    return status == BUS_OK ? attendance_say_attended(ctx, &held->series, &held->session, person, held->hours,
                                                      right.enrolled)
                            : status;
}

static enum bus_status withdraw(struct bus_context *ctx, struct held *held, struct bus_id person_id)
{
    const struct attendance *known = known_of(held, person_id);
    if (!known || !known->present)
        return BUS_OK;
    struct attendance right = {.person_id = person_id, .enrolled = known->enrolled};
    held->withdrawn_n++;
    held->missed_n += known->enrolled;
    enum bus_status status = attendance_correct(ctx, held->session.session_id, &right);
    if (status == BUS_OK)
        status = attendance_say_withdrawn(ctx, &held->series, &held->session, person_id, held->hours);
    return status == BUS_OK && known->enrolled
               ? attendance_say_missed(ctx, &held->series, &held->session, person_id)
               : status;
}

/* Two entries that became one may both be named. */
static bool named_before(const struct person *people, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (bus_id_equal(people[k].id, people[i].id))
            return true;
    return false;
}

enum bus_status on_scheduling_correct_attendance(struct bus_context *ctx,
                                                 const struct scheduling_correct_attendance *in)
{
    struct held held = {0};
    struct person *came = NULL, *absent = NULL;
    enum bus_status status = find(ctx, in->session_id, &held);
    if (status == BUS_OK)
        status = people_current(ctx, in->attended, in->attended_n, &came);
    if (status == BUS_OK)
        status = people_current(ctx, in->absent, in->absent_n, &absent);
    if (status == BUS_OK)
        status = check_named(ctx, &held, came, in->attended_n, absent, in->absent_n);
    for (size_t i = 0; status == BUS_OK && i < in->attended_n; i++)
        status = named_before(came, i) ? BUS_OK : add(ctx, &held, &came[i]);
    for (size_t i = 0; status == BUS_OK && i < in->absent_n; i++)
        status = named_before(absent, i) ? BUS_OK : withdraw(ctx, &held, absent[i].id);
    if (status == BUS_OK && (held.came_n > 0 || held.withdrawn_n > 0))
        status = attendance_recount(ctx, in->session_id, held.came_n - held.withdrawn_n, held.missed_n);
    if (status != BUS_OK)
        return status;
    return bus_reply(ctx, &(struct scheduling_correct_attendance_reply){.session_id = in->session_id,
                                                                        .came_n = held.came_n,
                                                                        .withdrawn_n = held.withdrawn_n});
}
