/* See persons.h. Rows tell who was counted for what; the people in memory tell it without asking. */
#include "persons.h"

#include <string.h>

#include "calendar.h"
#include "sql/reporting.h"
#include "state.h"

static const char *action_key(struct bus_context *ctx, const char *partnership, int64_t action, int64_t year)
{
    return bus_printf(ctx->arena, "%s/%lld/%lld", partnership, (long long)action, (long long)year);
}

static const char *programme_key(struct bus_context *ctx, const char *partnership, const char *programme,
                                 int64_t year)
{
    return bus_printf(ctx->arena, "%s/%s/%lld", partnership, programme, (long long)year);
}

static enum bus_status note_counted(struct bus_context *ctx, struct person *person, const char *key,
                                    struct bus_id result_id)
{
    if (!person_is_counted(person, key))
        person_set_counted(person, key);
    return bus_exec(ctx->db, ctx->err, &reporting_counted_person_put, BUS_ID(person_id(person)),
                    BUS_TEXT(key), BUS_ID(result_id));
}

/* One result does not count for two actions: who was counted for an action stays with it when the programme
 * gets another, and who was counted for none is counted for the first that it gets instead. */
static enum bus_status settle_earlier(struct bus_context *ctx, const struct person *person, const char *key,
                                      bool *ret_stays)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_counted_as, BUS_ID(person_id(person)), BUS_TEXT(key));
    if (status != BUS_OK || rows.n == 0)
        return status;
    *ret_stays = bus_row_int(&rows, 0, 1) > 0;
    if (*ret_stays)
        return BUS_OK;
    return tally_take_out(ctx, bus_row_id(&rows, 0, 0), REPORTING_CORRECTION_REASON_WRONG_ACTION);
}

enum bus_status persons_count(struct bus_context *ctx, struct person *person, struct tally tally)
{
    int64_t year = project_year_of(tally.day, tally_first_month());
    int64_t action = state_action(ctx, tally.programme);
    const char *of_programme = programme_key(ctx, tally.partnership, tally.programme, year);
    const char *of_action = action > 0 ? action_key(ctx, tally.partnership, action, year) : of_programme;
    if (person_is_counted(person, of_action))
        return BUS_OK;
    bool stays = false;
    enum bus_status status = BUS_OK;
    if (person_is_counted(person, of_programme))
        status = settle_earlier(ctx, person, of_programme, &stays);
    if (status != BUS_OK || stays)
        return status;
    struct bus_id result_id = {0};
    tally.figure = REPORTING_FIGURE_PRACTICE_PERSONS;
    tally.amount_e2 = 100;
    status = tally_count(ctx, &tally, &result_id);
    if (status == BUS_OK)
        status = note_counted(ctx, person, of_programme, result_id);
    return status == BUS_OK && action > 0 ? note_counted(ctx, person, of_action, result_id) : status;
}

/* By another result than this one. */
static enum bus_status must_not_be_counted(struct bus_context *ctx, const struct person *person,
                                           const char *key, struct bus_id result_id)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    if (!person_is_counted(person, key))
        return BUS_OK;
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &reporting_counted_as, BUS_ID(person_id(person)), BUS_TEXT(key));
    if (status != BUS_OK || rows.n == 0 || bus_id_equal(bus_row_id(&rows, 0, 0), result_id))
        return status;
    return bus_fail(ctx->err, BUS_CONFLICT,
                    "this person was counted again since it was taken out: leave it at 0");
}

static enum bus_status put_back(struct bus_context *ctx, const struct counted *counted, struct bus_id id)
{
    const char *of_programme =
        programme_key(ctx, counted->partnership, counted->programme, counted->project_year);
    const char *of_action =
        counted->action > 0 ? action_key(ctx, counted->partnership, counted->action, counted->project_year)
                            : of_programme;
    struct person *person = NULL;
    enum bus_status status = state_person(ctx, id, &person);
    if (status == BUS_OK)
        status = must_not_be_counted(ctx, person, of_programme, counted->result_id);
    if (status == BUS_OK)
        status = must_not_be_counted(ctx, person, of_action, counted->result_id);
    if (status == BUS_OK)
        status = note_counted(ctx, person, of_programme, counted->result_id);
    return status == BUS_OK && counted->action > 0 ? note_counted(ctx, person, of_action, counted->result_id)
                                                   : status;
}

static enum bus_status take_counted_out(struct bus_context *ctx, const struct counted *counted,
                                        struct bus_id id)
{
    state_forget_people(ctx);
    return bus_exec(ctx->db, ctx->err, &reporting_counted_take_out, BUS_ID(counted->result_id), BUS_ID(id));
}

static enum bus_status person_of(struct bus_context *ctx, const struct counted *counted, struct bus_id *ret)
{
    if (bus_id_parse(counted->about, strlen(counted->about), ret))
        return BUS_OK;
    return bus_fail(ctx->err, BUS_BUG, "a person of practice is counted for no id");
}

enum bus_status persons_correct(struct bus_context *ctx, const struct counted *counted, int64_t amount_e2)
{
    struct bus_id id = {0};
    enum bus_status status = person_of(ctx, counted, &id);
    if (status != BUS_OK)
        return status;
    if (counted->now_e2 == 0)
        return put_back(ctx, counted, id);
    return amount_e2 == 0 ? take_counted_out(ctx, counted, id) : BUS_OK;
}

/* From the first time that still stands, of each programme, in their order. */
static enum bus_status count_again(struct bus_context *ctx, const struct counted *counted, struct bus_id id)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    int first_month = tally_first_month();
    struct person *person = NULL;
    enum bus_status status = state_person(ctx, id, &person);
    if (status == BUS_OK)
        status = bus_query(
            ctx->db, ctx->err, &rows, &reporting_attended_still, BUS_TEXT(counted->partnership),
            BUS_INT(project_year_first(counted->project_year, first_month)),
            BUS_INT(project_year_last(counted->project_year, first_month)), BUS_ID(person_id(person)));
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        struct origin from = {.stream = bus_row_text(&rows, row, 3, ctx->arena),
                              .seq = bus_row_int(&rows, row, 4),
                              .event_id = bus_row_text(&rows, row, 5, ctx->arena),
                              .event_type = bus_row_text(&rows, row, 6, ctx->arena),
                              .at_us = bus_row_time(&rows, row, 7),
                              .about = bus_row_text(&rows, row, 8, ctx->arena)};
        status = persons_count(ctx, person,
                               (struct tally){.partnership = counted->partnership,
                                              .programme = bus_row_text(&rows, row, 0, ctx->arena),
                                              .nis = bus_row_text(&rows, row, 1, ctx->arena),
                                              .day = (int32_t)bus_row_int(&rows, row, 2),
                                              .from = &from});
    }
    return status;
}

enum bus_status persons_withdraw(struct bus_context *ctx, struct bus_id result_id)
{
    struct counted counted;
    struct bus_id id = {0};
    enum bus_status status = tally_get(ctx, result_id, &counted);
    if (status == BUS_OK && counted.now_e2 == 0)
        return BUS_OK;
    if (status == BUS_OK)
        status = person_of(ctx, &counted, &id);
    if (status == BUS_OK)
        status = take_counted_out(ctx, &counted, id);
    if (status == BUS_OK)
        status = tally_take_out(ctx, result_id, REPORTING_CORRECTION_REASON_NOT_THERE);
    return status == BUS_OK ? count_again(ctx, &counted, id) : status;
}
