/* The life of a duo, as coordinators tell it; and the timer that notices silence. */
#include <string.h>

#include "acts.h"
#include "bus/service.h"
#include "lifecycle.h"
#include "rows.h"
#include "schema/matching.h"
#include "sql/matching.h"
#include "timers.h"

struct named {
    struct bus_id duo_id, newcomer_id, volunteer_id;
    const char *programme;
};

/* The one live duo of the newcomer, of the volunteer, or of just these two. */
static enum bus_status find_by_people(struct bus_context *ctx, const struct named *named, struct duo **ret)
{
    bool by_newcomer = !bus_id_is_nil(named->newcomer_id), by_volunteer = !bus_id_is_nil(named->volunteer_id);
    if ((!by_newcomer && !by_volunteer) || !named->programme)
        return bus_fail_at(ctx->err, BUS_INVALID, "/duo_id",
                           "give duo_id, or programme with newcomer_id or volunteer_id");
    struct programme *programme = state_programme(ctx->state, named->programme);
    if (!programme)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no programme %s", named->programme);
    struct person *person = state_person(ctx->state, by_newcomer ? named->newcomer_id : named->volunteer_id);
    enum common_side side = by_newcomer ? COMMON_SIDE_NEWCOMER : COMMON_SIDE_VOLUNTEER;
    struct member *member = person ? state_member(person, programme, side) : NULL;
    struct duo *found = NULL;
    for (struct duo *d = member ? first_duo(member) : NULL; d; d = next_duo(d, member)) {
        if (by_volunteer && !bus_id_equal(d->pair.volunteer->person->id, named->volunteer_id))
            continue;
        if (found)
            return bus_fail(ctx->err, BUS_CONFLICT,
                            "there are several such duos in %s: give both people, or duo_id",
                            named->programme);
        found = d;
    }
    if (!found)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "they have no such duo now in %s", named->programme);
    *ret = found;
    return BUS_OK;
}

static enum bus_status find_any(struct bus_context *ctx, const struct named *named, struct duo **ret)
{
    if (bus_id_is_nil(named->duo_id))
        return find_by_people(ctx, named, ret);
    *ret = state_duo(ctx->state, named->duo_id);
    if (*ret)
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_duo_get, BUS_ID(named->duo_id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no duo %s", bus_id_text(ctx, named->duo_id));
    status = may_row(ctx, &rows);
    if (status != BUS_OK)
        return status;
    return bus_fail(ctx->err, BUS_CONFLICT, "this duo is over: it is %s",
                    bus_row_text(&rows, 0, 0, ctx->arena));
}

/* The duo a command is about, which its sender may touch. */
static enum bus_status find_duo(struct bus_context *ctx, const struct named *named, struct duo **ret)
{
    enum bus_status status = find_any(ctx, named, ret);
    return status != BUS_OK ? status : may(ctx, (*ret)->pair.newcomer->programme, (*ret)->pair.nis);
}

static enum bus_status read_day(struct bus_context *ctx, const char *on_date, const struct duo *duo,
                                int32_t *ret)
{
    *ret = belgian_day(ctx->now_us);
    if (!on_date)
        return BUS_OK;
    int32_t day = 0;
    if (!bus_date_parse(on_date, strlen(on_date), &day))
        return bus_fail_at(ctx->err, BUS_INVALID, "/on_date", "on_date must be a day such as 2026-11-22");
    if (day > *ret)
        return bus_fail_at(ctx->err, BUS_CONFLICT, "/on_date",
                           "on_date is in the future: tell it once it has been");
    if (day < belgian_day(duo->started_us))
        return bus_fail_at(ctx->err, BUS_CONFLICT, "/on_date", "on_date is before the duo started");
    *ret = day;
    return BUS_OK;
}

/* A duo that was heard of on a day had not ended before it. */
static enum bus_status read_last_day(struct bus_context *ctx, const char *on_date, const struct duo *duo,
                                     int32_t *ret)
{
    enum bus_status status = read_day(ctx, on_date, duo, ret);
    int32_t heard = belgian_day(duo_last_sign_us(duo->started_us, duo->last_contact_us));
    if (status != BUS_OK || *ret >= heard)
        return status;
    char date[11];
    bus_date_format(heard, date);
    return bus_fail_at(ctx->err, BUS_CONFLICT, "/on_date",
                       "the two were last heard of on %s: give that day or a later one as on_date", date);
}

/* Whether a contact of the duo with the client's own id was logged before; another duo's is a mistake. */
static enum bus_status was_logged(struct bus_context *ctx, struct bus_id contact_id, const struct duo *duo,
                                  bool *ret_was)
{
    const struct state *state = ctx->state;
    *ret_was = false;
    if (bus_id_is_nil(contact_id) || logged_never(&state->contacts, contact_id))
        return BUS_OK;
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &matching_contact_get, BUS_ID(contact_id));
    if (status != BUS_OK)
        return status;
    if (rows.n > 0 && !bus_id_equal(bus_row_id(&rows, 0, 0), duo->pair.id))
        return bus_fail(ctx->err, BUS_CONFLICT,
                        "contact %s was logged for another duo: give each contact an id of its own",
                        bus_id_text(ctx, contact_id));
    *ret_was = rows.n > 0;
    return BUS_OK;
}

enum bus_status on_matching_log_contact(struct bus_context *ctx, const struct matching_log_contact *in)
{
    struct duo *duo = NULL;
    struct contact contact = {.id = in->contact_id, .kind = in->kind, .hours = in->has_hours ? in->hours : 0};
    struct named named = {in->duo_id, in->newcomer_id, in->volunteer_id, in->programme};
    bool again = false;
    enum bus_status status = find_duo(ctx, &named, &duo);
    if (status == BUS_OK)
        status = read_day(ctx, in->on_date, duo, &contact.day);
    if (status == BUS_OK)
        status = was_logged(ctx, in->contact_id, duo, &again);
    if (status != BUS_OK)
        return status;
    if (bus_id_is_nil(contact.id))
        contact.id = bus_new_id(ctx);
    if (!again)
        status = duo_contact(ctx, duo, &contact);
    if (status != BUS_OK)
        return status;
    struct matching_log_contact_reply reply = {.contact_id = contact.id,
                                               .duo_id = duo->pair.id,
                                               .newcomer_id = duo->pair.newcomer->person->id,
                                               .volunteer_id = duo->pair.volunteer->person->id,
                                               .hours_total = duo->hours};
    return bus_reply(ctx, &reply);
}

/* The volunteer's half of an end: yes where nothing was said. Only who says no gives the place up: who rests
 * takes it again after. */
static void say_volunteer(bool was_said, bool said, struct duo_end *end)
{
    end->volunteer_returns = !was_said || said;
    end->place_given_up = was_said && !said;
}

enum bus_status on_matching_stop_duo(struct bus_context *ctx, const struct matching_stop_duo *in)
{
    struct duo *duo = NULL;
    struct named named = {in->duo_id, in->newcomer_id, in->volunteer_id, in->programme};
    int32_t day = 0;
    enum bus_status status = find_duo(ctx, &named, &duo);
    if (status == BUS_OK)
        status = read_last_day(ctx, in->on_date, duo, &day);
    if (status != BUS_OK)
        return status;
    struct member *newcomer = duo->pair.newcomer;
    struct matching_stop_duo_reply reply = {.duo_id = duo->pair.id,
                                            .newcomer_id = newcomer->person->id,
                                            .volunteer_id = duo->pair.volunteer->person->id,
                                            .days =
                                                days_between(duo->started_us, duo_ended_us(ctx, duo, day))};
    struct duo_end end = {.reason = in->reason,
                          .day = day,
                          .newcomer_returns = in->has_newcomer_returns
                                                  ? in->newcomer_returns
                                                  : newcomer_returns_by_default(in->reason)};
    say_volunteer(in->has_volunteer_returns, in->volunteer_returns, &end);
    status = duo_end(ctx, duo, &end);
    if (status == BUS_OK)
        status = programme_match(ctx, newcomer->programme, NULL);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}

enum bus_status on_matching_mark_informal(struct bus_context *ctx, const struct matching_mark_informal *in)
{
    struct duo *duo = NULL;
    struct named named = {in->duo_id, in->newcomer_id, in->volunteer_id, in->programme};
    int32_t day = 0;
    enum bus_status status = find_duo(ctx, &named, &duo);
    if (status == BUS_OK)
        status = read_last_day(ctx, in->on_date, duo, &day);
    if (status != BUS_OK)
        return status;
    struct member *newcomer = duo->pair.newcomer;
    struct matching_mark_informal_reply reply = {
        .duo_id = duo->pair.id,
        .newcomer_id = newcomer->person->id,
        .volunteer_id = duo->pair.volunteer->person->id,
        .days = days_between(duo->started_us, duo_ended_us(ctx, duo, day))};
    struct duo_end end = {.reason = COMMON_STOP_REASON_NONE, .day = day};
    say_volunteer(in->has_volunteer_returns, in->volunteer_returns, &end);
    status = duo_end(ctx, duo, &end);
    if (status == BUS_OK)
        status = programme_match(ctx, newcomer->programme, NULL);
    return status == BUS_OK ? bus_reply(ctx, &reply) : status;
}

enum bus_status on_silence(struct bus_context *ctx, const char *key)
{
    struct bus_id id = {0};
    struct duo *duo = bus_id_parse(key, strlen(key), &id) ? state_duo(ctx->state, id) : NULL;
    return duo ? duo_fall_silent(ctx, duo) : BUS_OK;
}
