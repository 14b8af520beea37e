/* See people_store.h. */
#include "people_store.h"

#include <stdio.h>
#include <string.h>

#include "sql/scheduling.h"
#include "state.h"

static void keep(struct bus_context *ctx, const struct person *person)
{
    struct known_person *known = state_person(ctx->state, person->id);
    known->person_id = person->id;
    snprintf(known->partnership, sizeof known->partnership, "%s", person->partnership);
    snprintf(known->nis, sizeof known->nis, "%s", person->nis ? person->nis : "");
}

/* Those who are not kept, from the tables; `places` are theirs in `people`. */
static enum bus_status look(struct bus_context *ctx, const struct bus_id *ids, const size_t *places, size_t n,
                            struct person *people)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &scheduling_people_look, BUS_IDS(ids, n));
    for (int i = 0; status == BUS_OK && i < rows.n; i++) {
        if (bus_row_bool(&rows, i, 1))
            return bus_fail(ctx->err, BUS_CONFLICT, "person %s was erased; leave them out",
                            bus_id_text(ctx, ids[i]));
        if (bus_row_null(&rows, i, 2))
            return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no person %s", bus_id_text(ctx, ids[i]));
        struct person *person = &people[places[i]];
        *person = (struct person){.id = bus_row_id(&rows, i, 0),
                                  .partnership = bus_row_text(&rows, i, 2, ctx->arena),
                                  .nis = bus_row_text(&rows, i, 3, ctx->arena)};
        if (bus_id_equal(person->id, ids[i]))
            keep(ctx, person);
    }
    return status;
}

enum bus_status people_current(struct bus_context *ctx, const struct bus_id *ids, size_t n,
                               struct person **ret)
{
    struct person *people = bus_alloc_array(ctx->arena, n, sizeof *people);
    struct bus_id *missing = bus_alloc_array(ctx->arena, n, sizeof *missing);
    size_t *places = bus_alloc_array(ctx->arena, n, sizeof *places), missing_n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct known_person *known = state_person(ctx->state, ids[i]);
        if (bus_id_equal(known->person_id, ids[i])) {
            people[i] = (struct person){.id = ids[i],
                                        .partnership = bus_strdup(ctx->arena, known->partnership),
                                        .nis = known->nis[0] ? bus_strdup(ctx->arena, known->nis) : NULL};
            continue;
        }
        missing[missing_n] = ids[i];
        places[missing_n++] = i;
    }
    *ret = people;
    return missing_n > 0 ? look(ctx, missing, places, missing_n, people) : BUS_OK;
}

enum bus_status person_put(struct bus_context *ctx, const struct person *person)
{
    keep(ctx, person);
    return bus_exec(ctx->db, ctx->err, &scheduling_person_put, BUS_ID(person->id),
                    BUS_TEXT(person->partnership), BUS_TEXT(person->nis));
}

enum bus_status person_gone(struct bus_context *ctx, struct bus_id person_id, struct bus_id keep_id)
{
    struct known_person *known = state_person(ctx->state, person_id);
    if (bus_id_equal(known->person_id, person_id))
        *known = (struct known_person){0};
    return bus_exec(ctx->db, ctx->err, &scheduling_gone_put, BUS_ID(person_id), BUS_ID(keep_id));
}

enum bus_status person_forget(struct bus_context *ctx, struct bus_id person_id)
{
    return bus_exec(ctx->db, ctx->err, &scheduling_forget_person, BUS_ID(person_id));
}

/* Two of one person were in one session: whoever counts attendances must know. */
static enum bus_status merge_attendance(struct bus_context *ctx, struct bus_id drop_id, struct bus_id keep_id)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &scheduling_merge_attendance, BUS_ID(drop_id), BUS_ID(keep_id));
    for (int i = 0; status == BUS_OK && i < rows.n; i++)
        status = bus_say(
            ctx, &scheduling_attendance_merged_type, bus_id_text(ctx, keep_id),
            &(struct scheduling_attendance_merged){.session_id = bus_row_id(&rows, i, 0),
                                                   .person_id = keep_id,
                                                   .drop_id = drop_id,
                                                   .partnership = bus_row_text(&rows, i, 1, ctx->arena),
                                                   .programme = bus_row_text(&rows, i, 2, ctx->arena),
                                                   .nis = bus_row_text(&rows, i, 3, ctx->arena),
                                                   .at = bus_row_time(&rows, i, 4),
                                                   .hours = bus_row_number(&rows, i, 5)});
    return status;
}

enum bus_status person_merge(struct bus_context *ctx, struct bus_id drop_id, struct bus_id keep_id)
{
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &scheduling_merge_proposals, BUS_ID(drop_id), BUS_ID(keep_id));
    if (status != BUS_OK)
        return status;
    return merge_attendance(ctx, drop_id, keep_id);
}
