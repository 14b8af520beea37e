/* See people_store.h. */
#include "people_store.h"

#include "names.h"
#include "sql/registry.h"

static enum bus_status read_intakes(struct bus_context *ctx, struct bus_id person,
                                    struct registry_person_reply *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_person_intakes, BUS_ID(person));
    if (status != BUS_OK)
        return status;
    struct registry_person_reply_intakes *list = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *list);
    for (int i = 0; i < rows.n; i++) {
        list[i].intake_id = bus_row_id(&rows, i, 0);
        list[i].programme = bus_row_text(&rows, i, 1, ctx->arena);
        list[i].side = bus_row_word(&rows, i, 2, common_side_words);
        list[i].at = bus_row_time(&rows, i, 3);
    }
    ret->intakes = list;
    ret->intakes_n = (size_t)rows.n;
    return BUS_OK;
}

static enum bus_status read_referrals(struct bus_context *ctx, struct bus_id person,
                                      struct registry_person_reply *ret)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_person_referrals, BUS_ID(person));
    if (status != BUS_OK)
        return status;
    struct registry_person_reply_referrals *list = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *list);
    for (int i = 0; i < rows.n; i++) {
        list[i].referral_id = bus_row_id(&rows, i, 0);
        list[i].partner_type = bus_row_word(&rows, i, 1, common_partner_type_words);
        list[i].reason = bus_row_word(&rows, i, 2, common_referral_reason_words);
        list[i].at = bus_row_time(&rows, i, 3);
    }
    ret->referrals = list;
    ret->referrals_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status people_history(struct bus_context *ctx, struct bus_id person,
                               struct registry_person_reply *ret, bool *ret_newcomer)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status = bus_query(ctx->db, ctx->err, &rows, &registry_person_rest, BUS_ID(person));
    if (status == BUS_OK)
        status = read_intakes(ctx, person, ret);
    if (status == BUS_OK)
        status = read_referrals(ctx, person, ret);
    if (status != BUS_OK)
        return status;
    size_t n = 0;
    const char *const *purposes = bus_row_texts(&rows, 0, 0, ctx->arena, &n);
    int *consents = bus_alloc_array(ctx->arena, n, sizeof *consents);
    for (size_t i = 0; i < n; i++)
        consents[i] = bus_word_value(registry_consent_purpose_words, purposes[i]);
    ret->consents = consents;
    ret->consents_n = n;
    ret->merged_ids = bus_row_ids(&rows, 0, 1, ctx->arena, &ret->merged_ids_n);
    *ret_newcomer = bus_row_bool(&rows, 0, 2);
    return BUS_OK;
}

enum bus_status people_contacts(struct bus_context *ctx, const struct bus_id *people, size_t people_n,
                                const struct registry_contacts_reply_contacts **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    struct bus_arena *arena = ctx->arena;
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_contacts_look, BUS_IDS(people, people_n));
    if (status != BUS_OK)
        return status;
    struct registry_contacts_reply_contacts *list = bus_alloc_array(arena, (size_t)rows.n, sizeof *list);
    for (int i = 0; i < rows.n; i++)
        list[i] = (struct registry_contacts_reply_contacts){
            .asked_id = bus_row_id(&rows, i, 0),
            .person_id = bus_row_id(&rows, i, 1),
            .preferred_language = bus_row_text(&rows, i, 2, arena),
            .channel = bus_row_word(&rows, i, 3, common_channel_words),
            .erased = bus_row_bool(&rows, i, 4),
            .may_contact = bus_row_bool(&rows, i, 5),
            .first_name = bus_row_text(&rows, i, 6, arena),
            .email = bus_row_text(&rows, i, 7, arena),
            .phone = bus_row_text(&rows, i, 8, arena),
        };
    *ret = list;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

const int *people_roles(struct bus_arena *arena, bool newcomer, bool volunteer, size_t *ret_n)
{
    int *roles = bus_alloc_array(arena, 2, sizeof *roles);
    size_t n = 0;
    if (newcomer)
        roles[n++] = REGISTRY_ROLE_NEWCOMER;
    if (volunteer)
        roles[n++] = REGISTRY_ROLE_VOLUNTEER;
    *ret_n = n;
    return roles;
}

static void read_person(const struct bus_rows *rows, int row, struct bus_arena *arena,
                        struct registry_people_reply_people *to)
{
    const char *state = bus_row_text(rows, row, 8, arena);
    to->person_id = bus_row_id(rows, row, 0);
    to->partnership = bus_row_text(rows, row, 1, arena);
    to->first_name = bus_row_text(rows, row, 2, arena);
    to->last_name = bus_row_text(rows, row, 3, arena);
    to->postcode = bus_row_text(rows, row, 4, arena);
    to->nis = bus_row_text(rows, row, 5, arena);
    to->preferred_language = bus_row_text(rows, row, 6, arena);
    to->roles = people_roles(arena, bus_row_bool(rows, row, 7), state != NULL, &to->roles_n);
    to->volunteer_state = state != NULL ? bus_word_value(registry_volunteer_state_words, state) : 0;
    to->registered = bus_row_time(rows, row, 9);
}

/* Whom alone the filters can hold of; *ret_few is false when that are many. */
static enum bus_status look_rare(struct bus_context *ctx, const struct registry_people *query, bool *ret_few,
                                 const struct bus_id **ret_ids, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    *ret_few = false;
    if (query->programme == NULL && query->nis == NULL && query->role == 0 && query->volunteer_state == 0)
        return BUS_OK;
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_people_rare, BUS_TEXT(query->partnership),
                  BUS_TEXT(query->programme), BUS_TEXT(query->nis),
                  BUS_TEXT(bus_word_or_null(registry_role_words, query->role)),
                  BUS_TEXT(bus_word_or_null(registry_volunteer_state_words, query->volunteer_state)));
    if (status != BUS_OK || rows.n == 0)
        return status;
    *ret_few = true;
    *ret_ids = bus_row_ids(&rows, 0, 0, ctx->arena, ret_n);
    return BUS_OK;
}

enum bus_status people_list(struct bus_context *ctx, const struct registry_people *query, struct bus_id after,
                            int64_t limit, const struct registry_people_reply_people **ret, size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    const char *name = query->name != NULL ? name_fold(ctx->arena, query->name) : NULL;
    const char *role = bus_word_or_null(registry_role_words, query->role);
    const char *state = bus_word_or_null(registry_volunteer_state_words, query->volunteer_state);
    const struct bus_id *ids = NULL;
    size_t ids_n = 0;
    bool few = false;
    if (name != NULL && *name == '\0')
        return bus_fail_at(ctx->err, BUS_INVALID, "/name",
                           "`name` must hold a letter or a figure: give the beginning of a name");
    enum bus_status status = look_rare(ctx, query, &few, &ids, &ids_n);
    if (status == BUS_OK && few)
        status = bus_query(ctx->db, ctx->err, &rows, &registry_people_few, BUS_TEXT(query->partnership),
                           BUS_TEXT(query->programme), BUS_TEXT(query->nis), BUS_TEXT(role), BUS_TEXT(state),
                           BUS_TEXT(name), BUS_ID(after), BUS_INT(limit), BUS_IDS(ids, ids_n));
    else if (status == BUS_OK)
        status = bus_query(ctx->db, ctx->err, &rows, &registry_people_list, BUS_TEXT(query->partnership),
                           BUS_TEXT(query->programme), BUS_TEXT(query->nis), BUS_TEXT(role), BUS_TEXT(state),
                           BUS_TEXT(name), BUS_ID(after), BUS_INT(limit));
    if (status != BUS_OK)
        return status;
    struct registry_people_reply_people *list = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *list);
    for (int i = 0; i < rows.n; i++)
        read_person(&rows, i, ctx->arena, &list[i]);
    *ret = list;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}

enum bus_status people_pairs(struct bus_context *ctx, const char *partnership, int64_t ground, bool dismissed,
                             const struct people_pair *after, int64_t limit, struct people_pair **ret,
                             size_t *ret_n)
{
    AUTO(bus_rows_done) struct bus_rows rows = {0};
    enum bus_status status =
        bus_query(ctx->db, ctx->err, &rows, &registry_duplicate_list, BUS_TEXT(partnership), BUS_INT(ground),
                  BUS_INT(after->grounds), BUS_ID(after->one), BUS_ID(after->other), BUS_INT(limit),
                  BUS_BOOL(ctx->header->within != NULL), BUS_BOOL(dismissed));
    if (status != BUS_OK)
        return status;
    struct people_pair *list = bus_alloc_array(ctx->arena, (size_t)rows.n, sizeof *list);
    for (int i = 0; i < rows.n; i++)
        list[i] = (struct people_pair){.one = bus_row_id(&rows, i, 0),
                                       .other = bus_row_id(&rows, i, 1),
                                       .partnership = bus_row_text(&rows, i, 2, ctx->arena),
                                       .grounds = bus_row_int(&rows, i, 3)};
    *ret = list;
    *ret_n = (size_t)rows.n;
    return BUS_OK;
}
