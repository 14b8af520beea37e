/* See series_store.h. */
#include "series_store.h"

#include <string.h>

#include "attendance_store.h"
#include "sql/scheduling.h"
#include "state.h"

static const struct bus_id nobody;

const char *day_text(struct bus_context *ctx, int32_t day)
{
    char text[11];
    bus_date_format(day, text);
    return bus_strdup(ctx->arena, text);
}

static int32_t day_of(const char *text, int32_t absent)
{
    int32_t day = absent;
    if (text != NULL && !bus_date_parse(text, strlen(text), &day))
        return absent;
    return day;
}

static struct series read_series(struct bus_context *ctx, const struct bus_rows *rows)
{
    struct series series = {
        .series_id = bus_row_id(rows, 0, 0),
        .partnership = bus_row_text(rows, 0, 1, ctx->arena),
        .programme = bus_row_text(rows, 0, 2, ctx->arena),
        .nis = bus_row_text(rows, 0, 3, ctx->arena),
        .title = bus_row_text(rows, 0, 4, ctx->arena),
        .rrule = bus_row_text(rows, 0, 5, ctx->arena),
        .timezone = bus_row_text(rows, 0, 6, ctx->arena),
        .starts = bus_row_text(rows, 0, 7, ctx->arena),
        .duration_minutes = bus_row_int(rows, 0, 8),
        .capacity = bus_row_int(rows, 0, 9),
        .venue = bus_row_text(rows, 0, 10, ctx->arena),
        .until_day = day_of(bus_row_text(rows, 0, 11, ctx->arena), DAY_NEVER),
        .scheduled_day = day_of(bus_row_text(rows, 0, 12, ctx->arena), 0),
        .next_position = bus_row_int(rows, 0, 13),
        .enrolled_n = bus_row_int(rows, 0, 14),
        .waiting_n = bus_row_int(rows, 0, 15),
        .own = (enum scheduling_enrolment_state)bus_row_word(rows, 0, 17, scheduling_enrolment_state_words),
        .own_place = bus_row_int(rows, 0, 18),
    };
    const char *const *later = bus_row_texts(rows, 0, 16, ctx->arena, &series.later_n);
    int32_t *days = bus_alloc_array(ctx->arena, series.later_n, sizeof *days);
    for (size_t i = 0; i < series.later_n; i++)
        days[i] = day_of(later[i], 0);
    series.later = days;
    return series;
}

/* Of a series whose rows are kept the plan is, too, and has gone on since. */
static void follow_plan(struct bus_context *ctx, struct series *series)
{
    struct kept *kept = state_kept(ctx->state);
    const struct kept_plan *plan = kept_plan_find(kept, series->series_id);
    if (plan == NULL)
        plan = kept_plan_add(kept, series->series_id, series->scheduled_day, series->later, series->later_n);
    series->scheduled_day = plan->scheduled_day;
    series->later_n = plan->later_n;
    series->later =
        plan->later_n > 0 ? bus_copy(ctx->arena, plan->later, plan->later_n * sizeof *plan->later) : NULL;
}

enum bus_status series_look(struct bus_context *ctx, struct bus_id series_id, struct bus_id person_id,
                            struct series *ret, bool *ret_known)
{
    AUTO(bus_rows_done) struct bus_rows own = {0};
    const struct bus_rows *rows = &own;
    enum bus_status status;
    if (bus_id_is_nil(person_id))
        status = kept_query(state_kept(ctx->state), ctx, &scheduling_series_get, series_id, &rows);
    else
        status =
            bus_query(ctx->db, ctx->err, &own, &scheduling_series_get, BUS_ID(series_id), BUS_ID(person_id));
    if (status != BUS_OK)
        return status;
    *ret_known = rows->n > 0;
    if (rows->n > 0)
        *ret = read_series(ctx, rows);
    if (rows->n > 0 && bus_id_is_nil(person_id))
        follow_plan(ctx, ret);
    return BUS_OK;
}

enum bus_status series_get(struct bus_context *ctx, struct bus_id series_id, struct bus_id person_id,
                           struct series *ret)
{
    bool known = false;
    enum bus_status status = series_look(ctx, series_id, person_id, ret, &known);
    if (status == BUS_OK && !known)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no series %s", bus_id_text(ctx, series_id));
    return status;
}

enum bus_status series_put(struct bus_context *ctx, const struct series *series)
{
    kept_forget(state_kept(ctx->state), series->series_id);
    return bus_exec(ctx->db, ctx->err, &scheduling_series_put, BUS_ID(series->series_id),
                    BUS_TEXT(series->partnership), BUS_TEXT(series->programme), BUS_TEXT(series->nis),
                    BUS_TEXT(series->title), BUS_TEXT(series->rrule), BUS_TEXT(series->timezone),
                    BUS_TEXT(series->starts), BUS_INT(series->duration_minutes), BUS_INT(series->capacity),
                    BUS_TEXT(series->venue), BUS_TEXT(day_text(ctx, series->scheduled_day)));
}

enum bus_status series_scheduled(struct bus_context *ctx, struct bus_id series_id, int32_t day)
{
    kept_plan_scheduled(state_kept(ctx->state), series_id, day);
    return bus_exec(ctx->db, ctx->err, &scheduling_series_scheduled, BUS_ID(series_id),
                    BUS_TEXT(day_text(ctx, day)));
}

enum bus_status series_end(struct bus_context *ctx, struct bus_id series_id, const char *until)
{
    kept_forget(state_kept(ctx->state), series_id);
    return bus_exec(ctx->db, ctx->err, &scheduling_series_end, BUS_ID(series_id), BUS_TEXT(until));
}

static struct session read_session(struct bus_context *ctx, const struct bus_rows *rows, int row)
{
    return (struct session){
        .session_id = bus_row_id(rows, row, 0),
        .series_id = bus_row_id(rows, row, 1),
        .day = day_of(bus_row_text(rows, row, 2, ctx->arena), 0),
        .at = bus_row_time(rows, row, 3),
        .state = (enum scheduling_session_state)bus_row_word(rows, row, 4, scheduling_session_state_words),
    };
}

/* From the table; one that is still to be held is kept from then on. */
static enum bus_status look(struct bus_context *ctx, struct bus_id session_id, struct bus_id series_id,
                            const char *day, struct session *ret, bool *ret_known)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &scheduling_session_get, BUS_ID(session_id),
                                       BUS_ID(series_id), BUS_TEXT(day));
    if (status != BUS_OK)
        return status;
    *ret_known = rows.n > 0;
    if (rows.n > 0)
        *ret = read_session(ctx, &rows, 0);
    if (rows.n > 0 && ret->state == SCHEDULING_SESSION_STATE_SCHEDULED)
        kept_session_add(state_kept(ctx->state), ret);
    return BUS_OK;
}

static bool take_kept(const struct session *kept, struct session *ret, bool *ret_known)
{
    if (kept == NULL)
        return false;
    *ret = *kept;
    return *ret_known = true;
}

enum bus_status session_look(struct bus_context *ctx, struct bus_id session_id, struct session *ret,
                             bool *ret_known)
{
    if (take_kept(kept_session(state_kept(ctx->state), session_id), ret, ret_known))
        return BUS_OK;
    return look(ctx, session_id, nobody, NULL, ret, ret_known);
}

enum bus_status session_look_day(struct bus_context *ctx, struct bus_id series_id, int32_t day,
                                 struct session *ret, bool *ret_known)
{
    if (take_kept(kept_session_on(state_kept(ctx->state), series_id, day), ret, ret_known))
        return BUS_OK;
    return look(ctx, nobody, series_id, day_text(ctx, day), ret, ret_known);
}

enum bus_status session_add(struct bus_context *ctx, const struct session *session)
{
    struct session kept = *session;
    kept.state = SCHEDULING_SESSION_STATE_SCHEDULED;
    kept_session_add(state_kept(ctx->state), &kept);
    kept_plan_session(state_kept(ctx->state), session->series_id, session->day);
    return bus_exec(ctx->db, ctx->err, &scheduling_session_add, BUS_ID(session->session_id),
                    BUS_ID(session->series_id), BUS_TEXT(day_text(ctx, session->day)), BUS_TIME(session->at),
                    BUS_TIME(ctx->now_us));
}

enum bus_status session_hold(struct bus_context *ctx, struct bus_id session_id, const struct roll *roll,
                             int64_t guests, double hours)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < roll->attended_n; i++)
        status = attendance_put(ctx, session_id, roll->attended[i], true, roll->had_place[i]);
    for (size_t i = 0; status == BUS_OK && i < roll->missed_n; i++)
        status = attendance_put(ctx, session_id, roll->missed[i], false, true);
    if (status != BUS_OK)
        return status;
    kept_session_over(state_kept(ctx->state), session_id);
    return bus_exec(ctx->db, ctx->err, &scheduling_session_hold, BUS_ID(session_id),
                    BUS_INT((int64_t)roll->attended_n), BUS_INT((int64_t)roll->missed_n), BUS_INT(guests),
                    BUS_NUMBER(hours), BUS_TIME(ctx->now_us));
}

enum bus_status session_cancel(struct bus_context *ctx, struct bus_id session_id,
                               enum scheduling_session_cancel_reason reason)
{
    kept_session_over(state_kept(ctx->state), session_id);
    return bus_exec(ctx->db, ctx->err, &scheduling_session_cancel, BUS_ID(session_id),
                    BUS_TEXT(bus_word(scheduling_session_cancel_reason_words, (int)reason)),
                    BUS_TIME(ctx->now_us));
}

enum bus_status sessions_after(struct bus_context *ctx, struct bus_id series_id, const char *day,
                               struct session **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_sessions_after, BUS_ID(series_id), BUS_TEXT(day));
    if (status != BUS_OK)
        return status;
    *ret_n = (size_t)rows.n;
    *ret = bus_alloc_array(ctx->arena, *ret_n, sizeof **ret);
    for (int i = 0; i < rows.n; i++)
        (*ret)[i] = read_session(ctx, &rows, i);
    return BUS_OK;
}

enum bus_status programme_put(struct bus_context *ctx, const char *programme, const char *partnership)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_programme_put, BUS_TEXT(programme), BUS_TEXT(partnership));
}

enum bus_status member_put(struct bus_context *ctx, const char *nis, const char *partnership)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_member_put, BUS_TEXT(nis), BUS_TEXT(partnership));
}

enum bus_status programme_end(struct bus_context *ctx, const char *programme, const char *on_date)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_programme_end, BUS_TEXT(programme), BUS_TEXT(on_date));
}

enum bus_status programme_series(struct bus_context *ctx, const char *programme, const char *day,
                                 struct bus_id **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_programme_series, BUS_TEXT(programme), BUS_TEXT(day));
    if (status != BUS_OK)
        return status;
    *ret_n = (size_t)rows.n;
    *ret = bus_alloc_array(ctx->arena, *ret_n, sizeof **ret);
    for (int i = 0; i < rows.n; i++)
        (*ret)[i] = bus_row_id(&rows, i, 0);
    return BUS_OK;
}

enum bus_status programme_look(struct bus_context *ctx, const char *programme, const char *nis,
                               struct programme_look *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_programme_get, BUS_TEXT(programme), BUS_TEXT(nis));
    if (status != BUS_OK)
        return status;
    *ret = (struct programme_look){.runs = bus_row_text(&rows, 0, 0, ctx->arena),
                                   .serves = bus_row_text(&rows, 0, 1, ctx->arena),
                                   .ended_on = bus_row_text(&rows, 0, 2, ctx->arena)};
    return BUS_OK;
}
