/* See state.h. The trees are those of libc (search.h); nothing depends on their order. */
#include "state.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "sql/reporting.h"

#define PEOPLE_MAX 50000

struct person {
    struct bus_id asked; /* first, so that a bare id is a key; of someone merged, the id that is no more */
    struct bus_id id;
    char nis[6];
    const char **counted_for;
    size_t counted_n;
};

struct closed {
    const char *partnership;
    int64_t project_year;
};

struct state {
    void *programmes, *closed, *standing, *people;
    size_t people_n;
};

static int compare_ids(const void *a, const void *b)
{
    return bus_id_compare(*(const struct bus_id *)a, *(const struct bus_id *)b);
}

static int compare_programmes(const void *a, const void *b)
{
    return strcmp(((const struct programme *)a)->programme, ((const struct programme *)b)->programme);
}

static int compare_closed(const void *a, const void *b)
{
    const struct closed *x = a, *y = b;
    int order = strcmp(x->partnership, y->partnership);
    return order ? order : (x->project_year > y->project_year) - (x->project_year < y->project_year);
}

static void *must(void *memory)
{
    if (!memory)
        bus_die("out of memory: no room for what is counted");
    return memory;
}

static void *insert(void *thing, void **tree, int (*compare)(const void *, const void *))
{
    return *(void **)must(tsearch(thing, tree, compare));
}

static void free_programme(void *thing)
{
    struct programme *self = thing;
    free((char *)self->programme);
    free((char *)self->partnership);
    free(self);
}

static void free_closed(void *thing)
{
    struct closed *self = thing;
    free((char *)self->partnership);
    free(self);
}

static void free_person(void *thing)
{
    struct person *self = thing;
    for (size_t i = 0; i < self->counted_n; i++)
        free((char *)self->counted_for[i]);
    free(self->counted_for);
    free(self);
}

int64_t state_action(struct bus_context *ctx, const char *programme)
{
    struct state *self = ctx->state;
    struct programme key = {.programme = programme};
    struct programme **found = programme ? tfind(&key, &self->programmes, compare_programmes) : NULL;
    return found ? (*found)->action : 0;
}

static void set_programme(struct state *self, const struct programme *given)
{
    struct programme **found = tfind(given, &self->programmes, compare_programmes);
    if (found) {
        (*found)->action = given->action;
        return;
    }
    struct programme *programme = must(malloc(sizeof *programme));
    *programme = (struct programme){.programme = must(strdup(given->programme)),
                                    .partnership = must(strdup(given->partnership)),
                                    .action = given->action};
    insert(programme, &self->programmes, compare_programmes);
}

void state_set_programme(struct bus_context *ctx, const struct programme *programme)
{
    set_programme(ctx->state, programme);
}

bool state_is_closed(struct bus_context *ctx, const char *partnership, int64_t project_year)
{
    struct state *self = ctx->state;
    struct closed key = {partnership, project_year};
    return tfind(&key, &self->closed, compare_closed) != NULL;
}

static void set_closed(struct state *self, const char *partnership, int64_t project_year)
{
    struct closed *closed = must(malloc(sizeof *closed));
    *closed = (struct closed){must(strdup(partnership)), project_year};
    if (insert(closed, &self->closed, compare_closed) != closed)
        free_closed(closed);
}

void state_set_closed(struct bus_context *ctx, const char *partnership, int64_t project_year)
{
    set_closed(ctx->state, partnership, project_year);
}

const struct standing *state_standing(struct bus_context *ctx, struct bus_id id)
{
    struct state *self = ctx->state;
    struct standing **found = tfind(&id, &self->standing, compare_ids);
    return found ? *found : NULL;
}

static void add_standing(struct state *self, const struct standing *given)
{
    struct standing *standing = must(malloc(sizeof *standing));
    *standing = *given;
    if (insert(standing, &self->standing, compare_ids) != standing)
        free(standing);
}

void state_add_standing(struct bus_context *ctx, const struct standing *standing)
{
    add_standing(ctx->state, standing);
}

void state_drop_standing(struct bus_context *ctx, struct bus_id id)
{
    struct state *self = ctx->state;
    struct standing **found = tfind(&id, &self->standing, compare_ids);
    if (!found)
        return;
    struct standing *standing = *found;
    tdelete(standing, &self->standing, compare_ids);
    free(standing);
}

void state_forget_people(struct bus_context *ctx)
{
    struct state *self = ctx->state;
    tdestroy(self->people, free_person);
    self->people = NULL;
    self->people_n = 0;
}

static struct person *add_person(struct bus_context *ctx, struct bus_id asked, struct bus_id id,
                                 const char *nis)
{
    struct state *self = ctx->state;
    if (self->people_n >= PEOPLE_MAX)
        state_forget_people(ctx);
    struct person *person = must(calloc(1, sizeof *person));
    person->asked = asked;
    person->id = id;
    strncpy(person->nis, nis ? nis : "", sizeof person->nis - 1);
    insert(person, &self->people, compare_ids);
    self->people_n++;
    return person;
}

enum bus_status state_person(struct bus_context *ctx, struct bus_id id, struct person **ret_person)
{
    struct state *self = ctx->state;
    struct person **found = tfind(&id, &self->people, compare_ids);
    if (found) {
        *ret_person = *found;
        return BUS_OK;
    }
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_person_load, BUS_ID(id));
    if (status != BUS_OK)
        return status;
    struct bus_id now = bus_row_id(&rows, 0, 0);
    if (!bus_id_equal(now, id)) /* of someone merged one picture is kept, under the id that stays */
        return state_person(ctx, now, ret_person);
    size_t n = 0;
    const char *const *counted_for = bus_row_texts(&rows, 0, 2, ctx->arena, &n);
    struct person *person = add_person(ctx, id, now, bus_row_text(&rows, 0, 1, ctx->arena));
    for (size_t i = 0; i < n; i++)
        person_set_counted(person, counted_for[i]);
    *ret_person = person;
    return BUS_OK;
}

struct bus_id person_id(const struct person *self)
{
    return self->id;
}

const char *person_nis(const struct person *self)
{
    return self->nis;
}

bool person_is_counted(const struct person *self, const char *counted_for)
{
    for (size_t i = 0; i < self->counted_n; i++)
        if (strcmp(self->counted_for[i], counted_for) == 0)
            return true;
    return false;
}

void person_set_counted(struct person *self, const char *counted_for)
{
    self->counted_for = must(reallocarray(self->counted_for, self->counted_n + 1, sizeof *self->counted_for));
    self->counted_for[self->counted_n++] = must(strdup(counted_for));
}

enum bus_status state_set_nis(struct bus_context *ctx, struct bus_id id, const char *nis)
{
    struct state *self = ctx->state;
    struct person **found = tfind(&id, &self->people, compare_ids);
    if (found)
        strncpy((*found)->nis, nis, sizeof(*found)->nis - 1);
    return bus_exec(ctx->db, ctx->err, &reporting_person_put, BUS_ID(id), BUS_TEXT(nis));
}

static enum bus_status load_programmes(struct bus_context *ctx, struct state *self)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_programmes_load, BUS_NONE);
    for (int row = 0; status == BUS_OK && row < rows.n; row++)
        set_programme(self, &(struct programme){.programme = bus_row_text(&rows, row, 0, ctx->arena),
                                                .partnership = bus_row_text(&rows, row, 1, ctx->arena),
                                                .action = bus_row_int(&rows, row, 2)});
    return status;
}

static enum bus_status load_closed(struct bus_context *ctx, struct state *self)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_closed_load, BUS_NONE);
    for (int row = 0; status == BUS_OK && row < rows.n; row++)
        set_closed(self, bus_row_text(&rows, row, 0, ctx->arena), bus_row_int(&rows, row, 1));
    return status;
}

static enum bus_status load_standing(struct bus_context *ctx, struct state *self)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &reporting_standing_load, BUS_NONE);
    for (int row = 0; status == BUS_OK && row < rows.n; row++) {
        struct standing standing = {.id = bus_row_id(&rows, row, 0),
                                    .since_us = bus_row_time(&rows, row, 2),
                                    .distance_m =
                                        bus_row_null(&rows, row, 3) ? -1 : bus_row_int(&rows, row, 3),
                                    .action = bus_row_null(&rows, row, 4) ? 0 : bus_row_int(&rows, row, 4)};
        strncpy(standing.nis, bus_row_text(&rows, row, 1, ctx->arena), sizeof standing.nis - 1);
        add_standing(self, &standing);
    }
    return status;
}

enum bus_status state_open(struct bus_context *ctx, void **ret_state)
{
    struct state *self = must(calloc(1, sizeof *self));
    enum bus_status status = load_programmes(ctx, self);
    if (status == BUS_OK)
        status = load_closed(ctx, self);
    if (status == BUS_OK)
        status = load_standing(ctx, self);
    if (status == BUS_OK)
        *ret_state = self;
    else
        state_close((void **)&self);
    return status;
}

void state_close(void **state_p)
{
    struct state *self = *state_p;
    if (!self)
        return;
    tdestroy(self->programmes, free_programme);
    tdestroy(self->closed, free_closed);
    tdestroy(self->standing, free);
    tdestroy(self->people, free_person);
    free(self);
    *state_p = NULL;
}
