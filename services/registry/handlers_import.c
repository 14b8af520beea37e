/* People from a list: all of them or nobody. */
#include <string.h>

#include "bus/service.h"
#include "grounds.h"
#include "import.h"
#include "import_columns.h"
#include "places.h"
#include "registration.h"
#include "said.h"
#include "schema/registry.h"
#include "state.h"

#define ALIKE_MAX 1000

/* ---- who may be known already */

struct alike_list {
    struct registry_import_people_reply_possible_duplicates *items;
    size_t n;
};

static void add_alike(struct alike_list *list, struct bus_arena *arena, int64_t line, struct bus_id id,
                      int64_t grounds)
{
    if (list->n == ALIKE_MAX)
        return;
    struct registry_import_people_reply_possible_duplicates *item = &list->items[list->n++];
    item->line = line;
    item->person_id = id;
    item->grounds = grounds_list(grounds, arena, &item->grounds_n);
}

/* Among the lines themselves, once they have ids. */
static void add_alike_lines(struct alike_list *list, struct bus_arena *arena, const struct import *import)
{
    for (size_t i = 0; i < import->alike_n; i++) {
        const struct import_alike *alike = &import->alike[i];
        add_alike(list, arena, import->rows[alike->n].line, import->people[alike->other].id, alike->grounds);
    }
}

static enum bus_status find_alike(struct bus_context *ctx, const char *partnership,
                                  const struct import *import, struct alike_list *ret)
{
    struct person_alike *alike = NULL;
    size_t n = 0;
    ret->items = bus_alloc_array(ctx->arena, ALIKE_MAX, sizeof *ret->items);
    ret->n = 0;
    enum bus_status status = person_alike(ctx, partnership, import->people, import->people_n, &alike, &n);
    for (size_t i = 0; status == BUS_OK && i < n; i++)
        add_alike(ret, ctx->arena, import->rows[alike[i].n].line, alike[i].id, alike[i].grounds);
    return status;
}

/* ---- where they live */

/* The line below the names in data/lists/import-template.csv. */
static bool is_example(const struct person *person)
{
    const char *first = person->personal.first_name;
    return first != NULL && strcmp(first, "Voorbeeld") == 0 && strcmp(person->postcode, "1234") == 0;
}

/* Whether the sender may register people there. */
static bool check_place(struct bus_context *ctx, const char *partnership, struct import *import, size_t i,
                        const struct person_spot *spot)
{
    const char *fault = NULL;
    if (import->people[i].postcode == NULL)
        return false; /* told already */
    if (spot->place.nis == NULL)
        fault = is_example(&import->people[i]) ? "is the example of the template: take this line out"
                                               : "there is no such postcode";
    else if (may(ctx, partnership, spot->place.nis) != BUS_OK)
        fault = "lies in a municipality that your token does not cover";
    if (fault != NULL)
        import_fault(import, import->rows[i].line, COLUMN_POSTCODE, fault);
    return fault == NULL;
}

static enum bus_status find_places(struct bus_context *ctx, const char *partnership, struct import *import,
                                   struct person_spot **ret_spots)
{
    /* One more than there are people, so that the partnership is looked up even for an empty list. */
    size_t n = import->people_n + 1;
    const char **postcodes = bus_alloc_array(ctx->arena, n, sizeof *postcodes);
    for (size_t i = 0; i < n; i++)
        postcodes[i] = i < import->people_n && import->people[i].postcode ? import->people[i].postcode : "";
    enum bus_status status = person_spots(ctx, partnership, postcodes, NULL, n, ret_spots);
    if (status != BUS_OK)
        return status;
    struct person_spot *spots = *ret_spots;
    if (!spots[0].partnership_exists)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no partnership %s; form it first", partnership);
    for (size_t i = 0; i < import->people_n; i++)
        if (!check_place(ctx, partnership, import, i, &spots[i]))
            import->people[i].personal = (struct personal){0}; /* nor is it told who that may be */
    return BUS_OK;
}

static void find_unborn(const struct bus_context *ctx, struct import *import)
{
    static const char ahead[] = "lies ahead: give the year of birth, or leave it out";
    int64_t now = registration_year(ctx);
    for (size_t i = 0; i < import->people_n; i++) {
        const struct common_profile *profile = &import->people[i].profile;
        if (profile->has_birth_year && profile->birth_year > now)
            import_fault(import, import->rows[i].line, COLUMN_BIRTH_YEAR, ahead);
        bool unborn = false;
        for (size_t child = 0; child < profile->child_birth_years_n; child++)
            unborn = unborn || profile->child_birth_years[child] > now;
        if (unborn)
            import_fault(import, import->rows[i].line, COLUMN_CHILD_BIRTH_YEARS, ahead);
    }
}

/* ---- what to look at */

static void find_elsewhere(const char *partnership, struct import *import, const struct person_spot *spots)
{
    for (size_t i = 0; i < import->people_n; i++) {
        const char *nis = import->people[i].postcode != NULL ? spots[i].place.nis : NULL;
        if (nis != NULL && (spots[i].served_by == NULL || strcmp(spots[i].served_by, partnership) != 0))
            import_remark(import, import->rows[i].line,
                          "the postcode lies in %s, outside this partnership: look whether that is right",
                          places_name(nis));
    }
}

/* ---- the command */

static enum bus_status record(struct bus_context *ctx, const struct registry_import_people *message,
                              const struct import *import)
{
    struct registry_import_people recorded = {.partnership = message->partnership, .coarse = import->coarse};
    return record_as(ctx, &registry_import_people_type, &recorded);
}

static enum bus_status register_all(struct bus_context *ctx, const struct registry_import_people *message,
                                    struct import *import, const struct person_spot *spots)
{
    enum bus_status status = record(ctx, message, import);
    for (size_t i = 0; status == BUS_OK && i < import->people_n; i++) {
        struct person *person = &import->people[i];
        person->id = bus_new_id(ctx);
        status = registration_place(ctx, &spots[i], message->partnership, person);
        if (status == BUS_OK)
            status = registration_write(ctx, person, &spots[i]);
    }
    return status;
}

static const struct registry_import_people_reply_alike_lines *alike_lines(struct bus_context *ctx,
                                                                          const struct import *import)
{
    struct registry_import_people_reply_alike_lines *list =
        bus_alloc_array(ctx->arena, import->alike_n, sizeof *list);
    for (size_t i = 0; i < import->alike_n; i++) {
        const struct import_alike *alike = &import->alike[i];
        list[i].line = import->rows[alike->n].line;
        list[i].other_line = import->rows[alike->other].line;
        list[i].grounds = grounds_list(alike->grounds, ctx->arena, &list[i].grounds_n);
    }
    return list;
}

static enum bus_status reply(struct bus_context *ctx, const struct import *import, bool imported,
                             const struct alike_list *alike)
{
    struct bus_id *ids = bus_alloc_array(ctx->arena, import->people_n, sizeof *ids);
    for (size_t i = 0; i < import->people_n; i++)
        ids[i] = import->people[i].id;
    struct registry_import_people_reply reply = {
        .lines = import->lines_n,
        .imported = imported ? (int64_t)import->people_n : 0,
        .people = ids,
        .people_n = imported ? import->people_n : 0,
        .faults = import->faults,
        .faults_n = import->faults_n,
        .possible_duplicates = alike->items,
        .possible_duplicates_n = alike->n,
        .language = import->dutch ? "nl" : "en",
        .alike_lines = alike_lines(ctx, import),
        .alike_lines_n = import->alike_n,
        .remarks = import->remarks,
        .remarks_n = import->remarks_n,
    };
    return bus_reply(ctx, &reply);
}

enum bus_status on_registry_import_people(struct bus_context *ctx,
                                          const struct registry_import_people *message)
{
    const struct registry_state *state = ctx->state;
    const char *text = message->csv ? message->csv : message->coarse;
    struct import import;
    struct person_spot *spots = NULL;
    struct alike_list alike = {0};
    if (text == NULL)
        return bus_fail_at(ctx->err, BUS_INVALID, "/csv", "there is no list of people; give it as `csv`");
    import_read(text, message->csv == NULL, state->insz_key, ctx->arena, &import);
    find_unborn(ctx, &import);
    enum bus_status status = find_places(ctx, message->partnership, &import, &spots);
    if (status == BUS_OK)
        status = find_alike(ctx, message->partnership, &import, &alike);
    if (status == BUS_OK)
        find_elsewhere(message->partnership, &import, spots);
    bool imported = import.faults_n == 0 && import.people_n > 0 && !message->dry_run;
    if (status == BUS_OK && imported)
        status = register_all(ctx, message, &import, spots);
    if (status != BUS_OK)
        return status;
    if (imported)
        add_alike_lines(&alike, ctx->arena, &import);
    import_settle(&import);
    return reply(ctx, &import, imported, &alike);
}
