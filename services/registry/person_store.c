/* See person_store.h. */
#include "person_store.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "said.h"
#include "sql/registry.h"
#include "state.h"

static void read_profile(const struct bus_rows *rows, int row, int at, struct bus_arena *arena,
                         struct common_profile *to)
{
    to->has_birth_year = !bus_row_null(rows, row, at);
    to->birth_year = bus_row_int(rows, row, at);
    to->gender = bus_row_word(rows, row, at + 1, common_gender_words);
    to->dutch_level = bus_row_word(rows, row, at + 2, common_cefr_words);
    to->prefers_gender = bus_row_word(rows, row, at + 3, common_gender_preference_words);
    to->languages = bus_row_texts(rows, row, at + 4, arena, &to->languages_n);
    to->interests = bus_row_texts(rows, row, at + 5, arena, &to->interests_n);
    size_t n = 0;
    const char *const *slots = bus_row_texts(rows, row, at + 6, arena, &n);
    int *availability = bus_alloc_array(arena, n, sizeof *availability);
    for (size_t i = 0; i < n; i++)
        availability[i] = bus_word_value(common_slot_words, slots[i]);
    to->availability = availability;
    to->availability_n = n;
    to->child_birth_years = bus_row_ints(rows, row, at + 7, arena, &to->child_birth_years_n);
}

static void read_volunteer(const struct bus_rows *rows, int row, int at, struct bus_arena *arena,
                           struct person_volunteer *to)
{
    to->state = bus_row_word(rows, row, at, registry_volunteer_state_words);
    to->capacity = bus_row_int(rows, row, at + 1);
    to->rest_until = bus_row_text(rows, row, at + 2, arena);
    to->informed_on = bus_row_text(rows, row, at + 3, arena);
}

enum bus_status person_get(struct bus_context *ctx, struct bus_id id, struct person *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_arena *arena = ctx->arena;
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_person_get, BUS_ID(id));
    if (status != BUS_OK)
        return status;
    if (rows.n == 0)
        return bus_fail(ctx->err, BUS_NOT_FOUND, "there is no person %s", bus_id_text(ctx, id));
    const char *state = bus_row_text(&rows, 0, 2, arena);
    *ret = (struct person){
        .id = bus_row_id(&rows, 0, 0),
        .partnership = bus_row_text(&rows, 0, 1, arena),
        .known = strcmp(state, "known") == 0,
        .erased = strcmp(state, "erased") == 0,
        .postcode = bus_row_text(&rows, 0, 3, arena),
        .nis = bus_row_text(&rows, 0, 4, arena),
        .preferred_language = bus_row_text(&rows, 0, 5, arena),
        .channel = bus_row_word(&rows, 0, 6, common_channel_words),
        .found_through = bus_row_word(&rows, 0, 7, registry_found_through_words),
        .partner_status = bus_row_word(&rows, 0, 8, common_partner_status_words),
        .told_away_us = bus_row_time(&rows, 0, 28),
        .registered_us = bus_row_time(&rows, 0, 17),
    };
    read_profile(&rows, 0, 9, arena, &ret->profile);
    read_volunteer(&rows, 0, 18, arena, &ret->volunteer);
    struct personal kept = {
        .first_name = bus_row_text(&rows, 0, 22, arena),
        .last_name = bus_row_text(&rows, 0, 23, arena),
        .email = bus_row_text(&rows, 0, 24, arena),
        .phone = bus_row_text(&rows, 0, 25, arena),
        .street = bus_row_text(&rows, 0, 26, arena),
        .insz_hash = bus_row_bytes(&rows, 0, 27, arena),
    };
    personal_overlay(&ret->personal, &kept, arena);
    return BUS_OK;
}

enum bus_status person_get_known(struct bus_context *ctx, struct bus_id id, struct person *ret)
{
    enum bus_status status = person_get(ctx, id, ret);
    if (status == BUS_OK)
        status = may(ctx, ret->partnership, ret->nis);
    if (status == BUS_OK && !ret->known)
        return bus_fail(ctx->err, BUS_CONFLICT, "person %s was erased; register them anew",
                        bus_id_text(ctx, id));
    return status;
}

/* ---- standings */

static struct kept_standing *standing_place(struct bus_context *ctx, struct bus_id id)
{
    struct registry_state *state = ctx->state;
    return &state->people[bus_map_hash(id.bytes, sizeof id.bytes) % PEOPLE_ROOM];
}

static void keep_standing(struct bus_context *ctx, const struct person *person)
{
    struct kept_standing *kept = standing_place(ctx, person->id);
    kept->person_id = person->id;
    snprintf(kept->partnership, sizeof kept->partnership, "%s", person->partnership);
    snprintf(kept->nis, sizeof kept->nis, "%s", person->nis);
    kept->volunteer = person->volunteer.state;
    kept->capacity = person->volunteer.capacity;
}

/* Its row changes, or that of a volunteer. */
static void forget_standing(struct bus_context *ctx, struct bus_id id)
{
    struct kept_standing *kept = standing_place(ctx, id);
    if (bus_id_equal(kept->person_id, id))
        kept->person_id = (struct bus_id){0};
}

enum bus_status person_standing(struct bus_context *ctx, struct bus_id id, struct person_standing *ret)
{
    const struct kept_standing *kept = standing_place(ctx, id);
    struct person person;
    enum bus_status status = BUS_OK;
    if (!bus_id_equal(kept->person_id, id)) {
        status = person_get_known(ctx, id, &person);
        if (status != BUS_OK)
            return status;
        kept = standing_place(ctx, person.id);
        keep_standing(ctx, &person);
    } else {
        status = may(ctx, kept->partnership, kept->nis);
    }
    *ret = (struct person_standing){.id = kept->person_id,
                                    .partnership = bus_strdup(ctx->arena, kept->partnership),
                                    .nis = bus_strdup(ctx->arena, kept->nis),
                                    .volunteer = kept->volunteer,
                                    .capacity = kept->capacity};
    return status;
}

/* ---- before a registration */

enum bus_status person_youngest(struct bus_context *ctx, struct bus_id *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_person_youngest, BUS_NONE);
    if (status == BUS_OK)
        *ret = rows.n > 0 ? bus_row_id(&rows, 0, 0) : (struct bus_id){0};
    return status;
}

/* Marks those whose id is taken. Asks only about ids that are not younger than all there are. */
static enum bus_status look_taken(struct bus_context *ctx, const struct bus_id *ids, size_t n,
                                  struct person_spot *spots)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const struct registry_state *state = ctx->state;
    struct bus_id *asked = bus_alloc_array(ctx->arena, n, sizeof *asked);
    size_t asked_n = 0;
    for (size_t i = 0; i < n; i++)
        if (!bus_id_is_nil(ids[i]) && bus_id_compare(ids[i], state->youngest) <= 0)
            asked[asked_n++] = ids[i];
    if (asked_n == 0)
        return BUS_OK;
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_people_taken, BUS_IDS(asked, asked_n));
    for (int row = 0; status == BUS_OK && row < rows.n; row++)
        for (size_t i = 0; i < n; i++)
            spots[i].id_taken |= bus_id_equal(ids[i], bus_row_id(&rows, row, 0));
    return status;
}

enum bus_status person_spots(struct bus_context *ctx, const char *partnership, const char *const *postcodes,
                             const struct bus_id *ids, size_t n, struct person_spot **ret)
{
    const struct atlas *atlas = &((const struct registry_state *)ctx->state)->atlas;
    bool exists = partnership != NULL && atlas_find(atlas, ATLAS_PARTNERSHIP, partnership) != NULL;
    struct person_spot *spots = bus_alloc_array(ctx->arena, n, sizeof *spots);
    for (size_t i = 0; i < n; i++) {
        spots[i] = (struct person_spot){.place = {.postcode = postcodes[i]}, .partnership_exists = exists};
        const struct atlas_entry *place = atlas_find(atlas, ATLAS_POSTCODE, postcodes[i]);
        if (place == NULL)
            continue;
        const struct atlas_entry *member = atlas_find(atlas, ATLAS_MEMBER, place->of);
        spots[i].place.nis = place->of;
        spots[i].place.lat_e4 = place->lat_e4;
        spots[i].place.lon_e4 = place->lon_e4;
        spots[i].served_by = member != NULL ? member->of : NULL;
    }
    *ret = spots;
    return ids != NULL ? look_taken(ctx, ids, n, spots) : BUS_OK;
}

static const char *hex(struct bus_arena *arena, struct bus_bytes bytes)
{
    if (bytes.data == NULL)
        return NULL;
    char *text = bus_alloc(arena, bytes.size * 2 + 1);
    return sodium_bin2hex(text, bytes.size * 2 + 1, bytes.data, bytes.size);
}

enum bus_status person_alike(struct bus_context *ctx, const char *partnership, const struct person *people,
                             size_t n, struct person_alike **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char **texts = bus_alloc_array(ctx->arena, 5 * n, sizeof *texts);
    const char **hashes = texts, **emails = texts + n, **phones = texts + 2 * n, **names = texts + 3 * n,
               **postcodes = texts + 4 * n;
    int64_t *years = bus_alloc_array(ctx->arena, n, sizeof *years);
    bool something = false;
    for (size_t i = 0; i < n; i++) {
        const struct personal *personal = &people[i].personal;
        something = something || !personal_is_empty(personal);
        hashes[i] = hex(ctx->arena, personal->insz_hash);
        emails[i] = personal->email_key;
        phones[i] = personal->phone;
        names[i] = personal->name_key;
        postcodes[i] = people[i].postcode;
        years[i] = people[i].profile.birth_year;
    }
    *ret = NULL;
    *ret_n = 0;
    if (!something)
        return BUS_OK;
    const char *only = ctx->header->within != NULL ? partnership : NULL;
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_people_alike, BUS_TEXTS(hashes, n),
                                       BUS_TEXTS(emails, n), BUS_TEXTS(phones, n), BUS_TEXTS(names, n),
                                       BUS_INTS(years, n), BUS_TEXTS(postcodes, n), BUS_TEXT(only));
    if (status != BUS_OK)
        return status;
    struct person_alike *found = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *found);
    for (int i = 0; i < rows.n; i++)
        found[i] = (struct person_alike){.n = (size_t)bus_row_int(&rows, i, 0) - 1,
                                         .id = bus_row_id(&rows, i, 1),
                                         .grounds = bus_row_int(&rows, i, 2)};
    *ret = found;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

static const char *const *slot_words(struct bus_context *ctx, const struct common_profile *profile)
{
    const char **words = bus_alloc_array(ctx->arena, profile->availability_n, sizeof *words);
    for (size_t i = 0; i < profile->availability_n; i++)
        words[i] = bus_word(common_slot_words, profile->availability[i]);
    return words;
}

/* Of a change to their own row the database does so itself. */
static enum bus_status note_alike(struct bus_context *ctx, struct bus_id id)
{
    return bus_exec(ctx->db, ctx->err, &registry_alike_note, BUS_ID(id));
}

#define WORD(words, value) BUS_TEXT(bus_word_or_null(words, value))
#define NEW_VALUES         11 /* of person_new alone */

/* Runs person_new or person_change, which share the parameters $1 to $15; `more` are those of one alone. */
static enum bus_status write_person(struct bus_context *ctx, const struct bus_sql *sql,
                                    const struct person *person, const struct bus_value *more, size_t more_n)
{
    const struct common_profile *p = &person->profile;
    const struct bus_value common[] = {
        BUS_ID(person->id),
        BUS_TEXT(person->partnership),
        BUS_TEXT(person->postcode),
        BUS_TEXT(person->nis),
        BUS_TEXT(person->preferred_language),
        WORD(common_channel_words, person->channel),
        WORD(registry_found_through_words, person->found_through),
        p->has_birth_year ? BUS_INT(p->birth_year) : BUS_NULL,
        WORD(common_gender_words, p->gender),
        WORD(common_cefr_words, p->dutch_level),
        WORD(common_gender_preference_words, p->prefers_gender),
        BUS_TEXTS(p->languages, p->languages_n),
        BUS_TEXTS(p->interests, p->interests_n),
        BUS_TEXTS(slot_words(ctx, p), p->availability_n),
        BUS_INTS(p->child_birth_years, p->child_birth_years_n),
    };
    enum { COMMON_VALUES = sizeof common / sizeof *common };
    struct bus_value values[COMMON_VALUES + NEW_VALUES];
    memcpy(values, common, sizeof common);
    memcpy(values + COMMON_VALUES, more, more_n * sizeof *more);
    return bus_db_exec(ctx->db, sql, values, COMMON_VALUES + more_n, ctx->err);
}

enum bus_status person_new(struct bus_context *ctx, const struct person *person)
{
    const struct personal *p = &person->personal;
    bool empty = personal_is_empty(p);
    struct registry_state *state = ctx->state;
    if (bus_id_compare(person->id, state->youngest) > 0)
        state->youngest = person->id;
    keep_standing(ctx, person);
    const struct bus_value more[NEW_VALUES] = {BUS_TIME(person->registered_us),
                                               BUS_TEXT(p->first_name),
                                               BUS_TEXT(p->last_name),
                                               BUS_TEXT(p->email),
                                               BUS_TEXT(p->phone),
                                               BUS_TEXT(p->street),
                                               BUS_BYTES(p->insz_hash),
                                               BUS_TEXT(empty ? "" : p->first_key),
                                               BUS_TEXT(empty ? "" : p->last_key),
                                               BUS_TEXT(p->name_key),
                                               BUS_TEXT(p->email_key)};
    enum bus_status status = write_person(ctx, &registry_person_new, person, more, NEW_VALUES);
    return status != BUS_OK || empty ? status : note_alike(ctx, person->id);
}

enum bus_status person_change(struct bus_context *ctx, const struct person *person)
{
    forget_standing(ctx, person->id);
    const struct bus_value told[] = {WORD(common_partner_status_words, person->partner_status),
                                     BUS_TIME(person->told_away_us)};
    return write_person(ctx, &registry_person_change, person, told, sizeof told / sizeof *told);
}

enum bus_status person_review(struct bus_context *ctx, struct bus_id id)
{
    return bus_exec(ctx->db, ctx->err, &registry_person_review, BUS_ID(id), BUS_TIME(ctx->now_us));
}

enum bus_status person_put_private(struct bus_context *ctx, const struct person *person)
{
    const struct personal *p = &person->personal;
    enum bus_status status =
        bus_exec(ctx->db, ctx->err, &registry_private_put, BUS_ID(person->id), BUS_TEXT(p->first_name),
                 BUS_TEXT(p->last_name), BUS_TEXT(p->email), BUS_TEXT(p->phone), BUS_TEXT(p->street),
                 BUS_BYTES(p->insz_hash), BUS_TEXT(p->first_key), BUS_TEXT(p->last_key),
                 BUS_TEXT(p->name_key), BUS_TEXT(p->email_key));
    return status != BUS_OK ? status : note_alike(ctx, person->id);
}

enum bus_status volunteer_put(struct bus_context *ctx, const struct person *person)
{
    const struct person_volunteer *v = &person->volunteer;
    forget_standing(ctx, person->id);
    return bus_exec(ctx->db, ctx->err, &registry_volunteer_put, BUS_ID(person->id),
                    BUS_TEXT(bus_word(registry_volunteer_state_words, v->state)), BUS_INT(v->capacity),
                    BUS_TEXT(v->rest_until), BUS_TEXT(v->informed_on));
}

enum bus_status person_merge(struct bus_context *ctx, struct bus_id keep, struct bus_id drop)
{
    forget_standing(ctx, keep);
    forget_standing(ctx, drop);
    enum bus_status status = bus_exec(ctx->db, ctx->err, &registry_merge_mark, BUS_ID(keep), BUS_ID(drop));
    if (status == BUS_OK)
        status = bus_exec(ctx->db, ctx->err, &registry_told_apart_merge, BUS_ID(keep), BUS_ID(drop));
    return status != BUS_OK
               ? status
               : bus_exec(ctx->db, ctx->err, &registry_merge_consents, BUS_ID(keep), BUS_ID(drop));
}

enum bus_status person_erase(struct bus_context *ctx, struct bus_id id)
{
    forget_standing(ctx, id);
    enum bus_status status = bus_exec(ctx->db, ctx->err, &registry_told_apart_forget, BUS_ID(id));
    return status == BUS_OK ? bus_exec(ctx->db, ctx->err, &registry_erase, BUS_ID(id)) : status;
}
